// Copying cells and pasting a block of them, as a spreadsheet copies and pastes. What is
// pasted is shown before it is written.

import { cellOf, fieldPath } from './grid-cells.js'

export function clipboard (grid) {
  document.addEventListener('copy', (event) => {
    if (!cellOf(document.activeElement) || String(getSelection())) return
    const text = grid.cells.range().map((row) => row.map(textOf).join('\t')).join('\n')
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
    grid.say(grid.words.copied)
  })
  document.addEventListener('paste', (event) => {
    const cell = cellOf(document.activeElement)
    if (!cell || grid.editing.open) return
    const text = event.clipboardData.getData('text/plain')
    if (!text) return
    event.preventDefault()
    preview(grid, blockOf(grid, cell, readTable(text)))
  })
}

/** A cell as a spreadsheet has it, and as the server reads it back. */
function textOf (cell) {
  const raw = cell.dataset.raw === undefined ? undefined : JSON.parse(cell.dataset.raw)
  let text = cell.innerText.trim()
  if (raw === null) text = ''
  else if (typeof raw === 'string' || typeof raw === 'number') text = String(raw)
  else if (typeof raw === 'boolean') text = raw ? 'yes' : 'no'
  else if (Array.isArray(raw)) text = raw.join('; ')
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Reads tab-separated text with quotes, as spreadsheets write it. */
export function readTable (text) {
  const rows = [[]]
  let cell = ''
  let quoted = false
  const end = () => { rows.at(-1).push(cell); cell = '' }
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') { cell += c; i++ } else quoted = false
    } else if (c === '"' && cell === '') quoted = true
    else if (c === '\t') end()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++
      end()
      rows.push([])
    } else cell += c
  }
  end()
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === '') rows.pop()
  return rows
}

/** What is written where: {id of a record: {key of a field: text}}. One value fills the range. */
function blockOf (grid, cell, table) {
  const range = grid.cells.range()
  const fill = table.length === 1 && table[0].length === 1 && range.flat().length > 1
  const rows = grid.cells.rows()
  const [top, left] = fill
    ? [rows.indexOf(range[0][0].parentElement), range[0][0].cellIndex]
    : [Math.min(...range.map((row) => rows.indexOf(row[0].parentElement))), Math.min(...range[0].map((one) => one.cellIndex))]
  const block = fill ? range.map((row) => row.map(() => table[0][0])) : table
  const cells = {}
  block.forEach((line, r) => line.forEach((text, c) => {
    const column = grid.cells.columns[left + c - 1]
    const row = rows[top + r]
    if (!row || !column?.edits || column.kind === 'large') return
    const path = fieldPath(column.key)
    if (path.length === 1) (cells[row.dataset.id] ??= {})[path[0]] = text // what is inside of a group is typed
  }))
  return cells
}

/** Shows what would be written, in a dialogue whose form writes it. */
async function preview (grid, cells) {
  const form = new URLSearchParams({ from: grid.query, do: 'paste', paste: JSON.stringify(cells) })
  const answer = await fetch(`${grid.path}/bulk`, { method: 'POST', body: form })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const told = page.getElementById('preview') ?? page.querySelector('main')
  const dialog = document.createElement('dialog')
  dialog.className = 'grid-dialog'
  const heading = told.querySelector('h1')
  if (heading) { heading.id = 'dialog-title'; dialog.setAttribute('aria-labelledby', 'dialog-title') }
  dialog.append(document.adoptNode(told))
  dialog.addEventListener('click', (event) => {
    if (!event.target.closest('[data-close]')) return
    event.preventDefault()
    dialog.close()
  })
  dialog.addEventListener('close', () => { dialog.remove(); grid.cells.focus(grid.cells.stop) })
  document.body.append(dialog)
  dialog.showModal()
  dialog.querySelector('button')?.focus()
}
