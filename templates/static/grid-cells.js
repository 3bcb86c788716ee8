// Going from cell to cell: one cell of the grid is in the order of the Tab key, and the
// arrow keys go on from it. A range of cells goes from one to the one with the focus.

export class Cells {
  constructor (grid) {
    this.grid = grid
    this.from = null // the other end of the range
    this.columns = [...grid.table.tHead.rows[0].cells].slice(1).map((head) => ({
      head, key: head.dataset.key, kind: head.dataset.kind, edits: head.dataset.edits === 'true',
      label: head.querySelector('.clip').textContent
    }))
    this.enhance(grid.table)
    this.rove(this.at(0, 0))
    const { table } = grid
    table.addEventListener('keydown', (event) => this.#pressed(event))
    table.addEventListener('focusin', (event) => { const cell = cellOf(event.target); if (cell) this.rove(cell) })
    table.addEventListener('pointerdown', (event) => this.#pointed(event))
  }

  /** Takes the links and boxes inside rows out of the order of the Tab key. */
  enhance (part) {
    for (const inside of part.querySelectorAll('a, input')) if (inside.closest('tbody, thead')) inside.tabIndex = -1
    for (const cell of part.querySelectorAll('tbody > tr > td')) cell.tabIndex = -1
  }

  /** The rows that are there, in order, those that are far away left out. */
  rows () { return [...this.grid.table.querySelectorAll('tbody.rows > tr[data-id]')] }

  at (row, column) { return this.rows()[row]?.cells[column + 1] }

  row (id) { return this.grid.table.querySelector(`tbody.rows > tr[data-id="${CSS.escape(id)}"]`) }

  /** Makes a cell the one that Tab comes to. */
  rove (cell) {
    if (!cell || cell === this.stop) return
    if (this.stop) this.stop.tabIndex = -1
    this.stop = cell
    cell.tabIndex = 0
  }

  /** Puts the focus on a cell; extend keeps the other end of the range where it is. */
  focus (cell, extend = false) {
    if (!cell) return
    const before = this.stop
    this.rove(cell)
    this.from = extend ? this.from ?? before : null
    cell.focus({ preventScroll: true })
    this.#show(cell)
    this.mark()
  }

  /** Scrolls a cell out from under what stands still. */
  #show (cell) {
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    const { box, table } = this.grid
    const at = cell.getBoundingClientRect()
    const frame = box.getBoundingClientRect()
    const head = table.tHead.rows[0].cells[0].getBoundingClientRect()
    if (at.top < head.bottom && box.scrollTop > 0) box.scrollTop -= head.bottom - at.top
    if (cell.classList.contains('frozen')) { box.scrollLeft = 0; return }
    const still = [...cell.parentElement.cells].filter((c) => c.matches('.frozen, .pick')).at(-1)?.getBoundingClientRect().right ?? frame.left
    if (at.left < still) box.scrollLeft -= still - at.left
  }

  /** The cells of the range, row by row. */
  range () {
    const end = this.stop
    const begin = this.from?.isConnected ? this.from : end
    if (!end) return []
    const rows = this.rows()
    const [top, bottom] = [rows.indexOf(begin.parentElement), rows.indexOf(end.parentElement)].sort((a, b) => a - b)
    const [left, right] = [begin.cellIndex, end.cellIndex].sort((a, b) => a - b)
    return rows.slice(Math.max(0, top), bottom + 1).map((row) => [...row.cells].slice(left, right + 1))
  }

  /** Shows which cells the range has. */
  mark () {
    for (const cell of this.grid.table.querySelectorAll('.in-range')) {
      cell.classList.remove('in-range')
      cell.removeAttribute('aria-selected')
    }
    if (!this.from) return
    for (const cell of this.range().flat()) {
      cell.classList.add('in-range')
      cell.setAttribute('aria-selected', 'true')
    }
  }

  #pointed (event) {
    const cell = cellOf(event.target)
    if (!cell || event.target.closest('a, input, .cell-editor') || event.button) return
    event.preventDefault()
    this.focus(cell, event.shiftKey)
    const move = (moved) => {
      const over = cellOf(document.elementFromPoint(moved.clientX, moved.clientY))
      if (over && over !== this.stop) { this.from ??= cell; this.focus(over, true) }
    }
    const up = () => { removeEventListener('pointermove', move); removeEventListener('pointerup', up) }
    if (event.pointerType === 'mouse') { addEventListener('pointermove', move); addEventListener('pointerup', up) }
  }

  /** @param {KeyboardEvent} event */
  #pressed (event) {
    const cell = cellOf(event.target)
    if (!cell) return this.#pressedInHead(event)
    const way = this.#way(event, cell)
    if (!way) return
    event.preventDefault()
    if (way.head) return way.head.querySelector('a')?.focus()
    this.focus(way.cell, event.shiftKey)
  }

  #pressedInHead (event) {
    const head = event.target.closest('thead th')
    if (!head || event.altKey) return
    const step = { ArrowLeft: 'previousElementSibling', ArrowRight: 'nextElementSibling' }[event.key]
    if (step) {
      let next = head[step]
      while (next && !next.querySelector('a')) next = next[step]
      next?.querySelector('a').focus()
    } else if (event.key === 'ArrowDown') this.focus(this.rows()[0]?.cells[head.cellIndex])
    else return
    event.preventDefault()
  }

  /** Where a key leads from a cell. */
  #way (event, cell) {
    const rows = this.rows()
    const row = rows.indexOf(cell.parentElement)
    const column = cell.cellIndex
    const last = this.columns.length
    const far = event.ctrlKey || event.metaKey
    const page = Math.max(1, Math.floor(this.grid.box.clientHeight / cell.offsetHeight) - 2)
    const to = (r, c) => ({ cell: rows[Math.max(0, Math.min(rows.length - 1, r))]?.cells[Math.max(1, Math.min(last, c))] })
    switch (event.key) {
      case 'ArrowUp':
        if (row === 0 && !far && !event.shiftKey) return { head: this.columns[column - 1].head }
        return to(far ? 0 : row - 1, column)
      case 'ArrowDown': return to(far ? rows.length : row + 1, column)
      case 'ArrowLeft': return to(row, far ? 1 : column - 1)
      case 'ArrowRight': return to(row, far ? last : column + 1)
      case 'Home': return to(far ? 0 : row, 1)
      case 'End': return to(far ? rows.length : row, last)
      case 'PageUp': return to(row - page, column)
      case 'PageDown': return to(row + page, column)
    }
  }
}

/** The cell of a record that something is in; nothing for the first, which picks the row. */
export function cellOf (inside) {
  const cell = inside?.closest?.('#sheet > tbody > tr[data-id] > td')
  return cell && !cell.classList.contains('pick') ? cell : undefined
}

/** What a cell holds: undefined where that did not travel with it. */
export const rawOf = (cell) => cell.dataset.raw === undefined ? undefined : JSON.parse(cell.dataset.raw)

/** The way to a field, of how the grid writes it: keys with dots between them. */
export const fieldPath = (key) => key.match(/(?:\\.|[^.])+/gs).map((part) => part.replace(/\\(.)/gs, '$1'))
