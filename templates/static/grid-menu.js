// The menu of a cell: quick filters by what it holds, and the way to its record.

import { cellOf, rawOf } from './grid-cells.js'

export function cellMenu (grid) {
  let menu
  const close = (back) => {
    menu?.remove()
    menu = undefined
    if (back) grid.cells.focus(grid.cells.stop)
  }
  const open = (cell, x, y) => {
    close()
    grid.cells.focus(cell, Boolean(grid.cells.from))
    menu = document.createElement('ul')
    menu.className = 'cell-menu'
    menu.setAttribute('role', 'menu')
    for (const entry of entries(grid, cell)) menu.append(item(entry))
    menu.addEventListener('keydown', (event) => pressed(event, close))
    document.body.append(menu)
    menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`
    menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`
    menu.querySelector('button').focus()
  }
  grid.table.addEventListener('contextmenu', (event) => {
    const cell = cellOf(event.target)
    if (!cell || event.shiftKey && event.button) return
    event.preventDefault()
    const { left, bottom } = cell.getBoundingClientRect()
    const byKey = !event.clientX && !event.clientY
    open(cell, byKey ? left : event.clientX, byKey ? bottom : event.clientY)
  })
  grid.table.addEventListener('keydown', (event) => {
    const cell = cellOf(event.target)
    if (!cell || !(event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) return
    event.preventDefault()
    const { left, bottom } = cell.getBoundingClientRect()
    open(cell, left, bottom)
  })
  document.addEventListener('pointerdown', (event) => { if (menu && !menu.contains(event.target)) close() }, true)
}

function item ({ text, run }) {
  const li = document.createElement('li')
  li.setAttribute('role', 'none')
  const button = document.createElement('button')
  button.type = 'button'
  button.setAttribute('role', 'menuitem')
  button.textContent = text
  button.addEventListener('click', run)
  li.append(button)
  return li
}

function pressed (event, close) {
  const all = [...event.currentTarget.querySelectorAll('button')]
  const at = all.indexOf(document.activeElement)
  switch (event.key) {
    case 'ArrowDown': all[(at + 1) % all.length].focus(); break
    case 'ArrowUp': all[(at + all.length - 1) % all.length].focus(); break
    case 'Home': all[0].focus(); break
    case 'End': all.at(-1).focus(); break
    case 'Escape': close(true); break
    case 'Tab': close(true); break
    default: return
  }
  event.preventDefault()
}

function entries (grid, cell) {
  const column = grid.cells.columns[cell.cellIndex - 1]
  const raw = rawOf(cell)
  const { words } = grid
  const list = []
  const add = (text, condition) => list.push({ text, run: () => narrow(grid, condition) })
  const field = column.key
  if (column.kind !== 'own') {
    if (Array.isArray(raw)) raw.slice(0, 4).filter((v) => typeof v !== 'object').forEach((v) => add(`${words.is}: ${v}`, { field, has: v }))
    else if (raw !== undefined && raw !== null && typeof raw !== 'object') {
      add(`${words.is}: ${short(cell)}`, { field, is: raw })
      add(words.not, { field, not: raw })
    }
    if (raw === null || cell.classList.contains('blank')) add(words.empty, { field, empty: true })
    add(words.filled, { field, empty: false })
  }
  list.push({ text: words.record, run: () => { location.href = cell.parentElement.querySelector('.pick a').href } })
  return list
}

const short = (cell) => { const text = cell.innerText.trim(); return text.length > 24 ? text.slice(0, 24) + '…' : text }

/** Goes to the list with one more condition. */
function narrow (grid, condition) {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = `${grid.path}/filter`
  for (const [name, value] of [['from', grid.query], ['add', JSON.stringify(condition)]]) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}
