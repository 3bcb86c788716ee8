// Rows that are selected, by the boxes before them and by the space bar; also those that
// are far away and not in the page just now.

import { cellOf } from './grid-cells.js'

export function selection (grid) {
  const form = document.getElementById('bulk')
  const chosen = new Set()
  const all = document.getElementById('pick-all')
  let last
  all.hidden = !form
  const boxOf = (row) => row.querySelector('.pick input')

  /** Shows a row as it is: selected or not. */
  const show = (row) => {
    const on = chosen.has(row.dataset.id)
    boxOf(row).checked = on
    row.setAttribute('aria-selected', String(on))
  }
  const set = (row, on) => {
    chosen[on ? 'add' : 'delete'](row.dataset.id)
    show(row)
  }
  const told = () => {
    const n = chosen.size
    const rows = grid.cells.rows()
    all.checked = rows.length > 0 && rows.every((row) => chosen.has(row.dataset.id))
    all.indeterminate = n > 0 && !all.checked
    if (!form) return
    form.classList.toggle('has', n > 0)
    document.getElementById('bulk-count').textContent = n ? grid.words.selected.replace('%s', n.toLocaleString(grid.lang)) : ''
  }

  grid.table.addEventListener('change', (event) => {
    if (event.target === all) grid.cells.rows().forEach((row) => set(row, all.checked))
    const row = event.target.closest('tr[data-id]')
    if (row) { set(row, event.target.checked); last = row }
    told()
  })
  grid.table.addEventListener('click', (event) => {
    const row = event.target.closest('tr[data-id]')
    if (!event.shiftKey || !row || !event.target.matches('.pick input') || !last?.isConnected) return
    const rows = grid.cells.rows()
    const [a, b] = [rows.indexOf(last), rows.indexOf(row)].sort((x, y) => x - y)
    rows.slice(a, b + 1).forEach((one) => set(one, event.target.checked))
    told()
  })
  grid.table.addEventListener('keydown', (event) => {
    const cell = cellOf(event.target)
    if (!cell || !form) return
    if (event.key === ' ') {
      const rows = [...new Set(grid.cells.range().flat().map((one) => one.parentElement))]
      const on = !chosen.has(cell.parentElement.dataset.id)
      rows.forEach((row) => set(row, on))
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) grid.cells.rows().forEach((row) => set(row, true))
    else return
    event.preventDefault()
    told()
    grid.say(document.getElementById('bulk-count').textContent)
  })
  form?.addEventListener('formdata', ({ formData }) => {
    formData.delete('id')
    if (!formData.has('all')) formData.set('ids', [...chosen].join(','))
  })
  form?.classList.add('scripted')
  // A browser that comes back to the page ticks the boxes as they were.
  const again = () => {
    grid.cells.rows().forEach((row) => { if (boxOf(row).checked) set(row, true) })
    told()
  }
  again()
  addEventListener('pageshow', again)
  return { show, told }
}
