// Keeps the rows level with what others do: asks every few seconds what came into the log,
// while the page is looked at, and fetches the rows that it shows of that.

const pause = 4000 // ms

export function live (grid) {
  let cursor = grid.cursor
  let newer // the notice that there is more than the page shows
  const waiting = new Set() // rows that changed while they could not be shown

  const query = (more) => `${grid.path}/${more}${more.includes('?') ? '&' : '?'}`

  /** Shows rows as they are now. Own rows of an edit are not marked as changed. */
  async function refresh (ids, own = false) {
    for (let i = 0; i < ids.length; i += 50) await some(ids.slice(i, i + 50), own)
    grid.selection.told()
  }

  async function some (ids, own) {
    const answer = await fetch(`${query('rows')}${grid.query}&ids=${ids.join(',')}`)
    if (!answer.ok) return
    const come = new DOMParser().parseFromString(await answer.text(), 'text/html')
    for (const id of ids) {
      const row = grid.cells.row(id)
      if (!row) continue
      // A row that is being edited waits: its cell is under somebody's hands.
      if (grid.editing?.open?.id === id && !grid.editing.open.saved) { waiting.add(id); continue }
      const next = come.querySelector(`tr[data-id="${CSS.escape(id)}"]`)
      if (next) replace(row, document.adoptNode(next), own)
      else gone(row)
    }
  }

  function replace (row, next, own) {
    const { cells } = grid
    grid.cells.enhance(wrapped(next))
    const at = row.contains(cells.stop) ? cells.stop.cellIndex : -1
    const focused = row.contains(document.activeElement)
    if (!own) for (const cell of next.cells) if (cell.innerHTML !== row.cells[cell.cellIndex]?.innerHTML && !cell.matches('.own, .pick')) cell.classList.add('changed')
    row.replaceWith(next)
    grid.selection.show(next)
    if (at < 0) return
    if (cells.from?.parentElement === row) cells.from = next.cells[cells.from.cellIndex]
    if (focused) cells.focus(next.cells[at])
    else cells.rove(next.cells[at])
  }

  function gone (row) {
    const beside = row.nextElementSibling ?? row.previousElementSibling
    const at = row.contains(grid.cells.stop) ? grid.cells.stop.cellIndex : -1
    const focused = row.contains(document.activeElement)
    row.remove()
    if (at < 0 || !beside?.cells?.[at]) return
    if (focused) grid.cells.focus(beside.cells[at])
    else grid.cells.rove(beside.cells[at])
  }

  async function ask () {
    const answer = await fetch(`${query('changes')}cursor=${encodeURIComponent(cursor)}`)
    if (!answer.ok) return
    const told = await answer.json()
    cursor = told.cursor
    const here = told.ids.filter((id) => grid.cells.row(id))
    const far = told.ids.filter((id) => grid.pages.has(id) && !grid.cells.row(id))
    far.forEach((id) => waiting.add(id))
    if (told.type || told.ids.some((id) => !grid.pages.has(id))) offer()
    if (here.length) await refresh(here)
    if (told.more) await ask()
  }

  /** Says that there is more than the page shows. */
  function offer () {
    if (newer) return
    newer = document.createElement('p')
    newer.className = 'grid-newer'
    newer.setAttribute('role', 'status')
    const again = document.createElement('a')
    again.href = location.href
    again.textContent = grid.words.reload
    newer.append(grid.words.newer + ' ', again)
    grid.box.before(newer)
  }

  async function round () {
    if (!document.hidden) await ask().catch(() => {})
    setTimeout(round, pause)
  }
  setTimeout(round, pause)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask().catch(() => {}) })

  return {
    refresh,
    /** Shows what waited. */
    catchUp () {
      const ids = [...waiting].filter((id) => grid.cells.row(id))
      ids.forEach((id) => waiting.delete(id))
      if (ids.length) refresh(ids)
    }
  }
}

/** Something around a row that can be searched for what is in it. */
function wrapped (row) {
  const body = document.createElement('tbody')
  body.append(row)
  const table = document.createElement('table')
  table.append(body)
  return table
}
