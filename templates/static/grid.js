// The grid of records: a keyboard on it, editing in place, and what keeps it level with
// what others do. All that it shows, and its links and forms, work without this.

import { Cells } from './grid-cells.js'
import { arrangeColumns } from './grid-columns.js'
import { clipboard } from './grid-clipboard.js'
import { Editing } from './grid-edit.js'
import { live } from './grid-live.js'
import { cellMenu } from './grid-menu.js'
import { Pages } from './grid-pages.js'
import { selection } from './grid-selection.js'

const box = document.getElementById('grid')
if (box) {
  const said = document.createElement('p')
  said.className = 'out'
  said.setAttribute('role', 'status')
  document.body.append(said)
  const grid = {
    box,
    table: document.getElementById('sheet'),
    words: document.getElementById('grid-words').dataset,
    ...box.dataset,
    /** Says something to who cannot see it. */
    say (text) { said.textContent = ''; setTimeout(() => { said.textContent = text }, 50) }
  }
  grid.cells = new Cells(grid)
  grid.pages = new Pages(grid)
  grid.selection = selection(grid)
  grid.editing = new Editing(grid)
  grid.live = live(grid)
  grid.pages.wants()
  clipboard(grid)
  cellMenu(grid)
  arrangeColumns(grid)
  box.removeAttribute('tabindex')
}
for (const list of document.querySelectorAll('.column-list')) draggable(list)

/** Lets the entries of a list be dragged into another order. */
function draggable (list) {
  let dragged
  for (const item of list.children) item.draggable = true
  list.addEventListener('dragstart', (event) => { dragged = event.target.closest('li'); dragged.classList.add('dragged') })
  list.addEventListener('dragend', () => { dragged?.classList.remove('dragged'); dragged = undefined })
  list.addEventListener('dragover', (event) => {
    const over = event.target.closest('li')
    if (!dragged || !over) return
    event.preventDefault()
    const { top, height } = over.getBoundingClientRect()
    if (over !== dragged) over[event.clientY < top + height / 2 ? 'before' : 'after'](dragged)
  })
}
