// More rows as one scrolls. Pages of rows that are far away leave the table, and a gap as
// high as they are stands in for them, so that a hundred thousand rows are as light as a
// thousand.

const near = 1500 // px: how far from what is seen rows are kept, and the next page is fetched

export class Pages {
  constructor (grid) {
    this.grid = grid
    this.away = new Map() // bodies whose rows are not in the page: their rows
    this.known = new Set() // ids of all rows that came
    this.take(grid.table.tBodies[0])
    const inner = getComputedStyle(grid.box).overflowY !== 'visible'
    this.watch = new IntersectionObserver((seen) => this.#seen(seen), { root: inner ? grid.box : null, rootMargin: `${near}px 0px` })
    this.watch.observe(grid.table.tBodies[0])
    this.wants = () => { if (this.#atEnd(inner)) this.more() }
    ;(inner ? grid.box : window).addEventListener('scroll', this.wants, { passive: true })
    document.addEventListener('click', (event) => {
      if (!event.target.closest('#more a[rel=next]') || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      this.more()
    })
  }

  has (id) { return this.known.has(id) }

  #atEnd (inner) {
    const { box } = this.grid
    if (inner) return box.scrollHeight - box.scrollTop - box.clientHeight < near
    return document.documentElement.scrollHeight - scrollY - innerHeight < near
  }

  /** Fetches the next page, once; true when there was one. */
  async more () {
    const link = document.querySelector('#more a[rel=next]')
    if (!link || this.under) return
    this.under = true
    try {
      const answer = await fetch(link.href)
      if (!answer.ok) return
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const body = page.querySelector('.rows')
      const foot = page.getElementById('more')
      if (foot) document.getElementById('more').replaceChildren(...document.adoptNode(foot).children)
      if (body) this.#add(document.adoptNode(body))
    } catch {
      return // the link is still there to be pressed
    } finally {
      this.under = false
    }
    this.wants()
  }

  #add (body) {
    this.grid.table.append(body)
    this.take(body)
    this.grid.cells.enhance(body)
    this.watch.observe(body)
    this.grid.selection.told()
  }

  /** Takes in a page of rows; one that the grid has already is left out. */
  take (body) {
    for (const row of [...body.rows]) {
      if (this.known.has(row.dataset.id)) row.remove()
      else this.known.add(row.dataset.id)
    }
  }

  #seen (seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) this.#back(target)
      else this.#leave(target)
    }
  }

  #leave (body) {
    if (this.away.has(body) || !body.rows.length || body.contains(document.activeElement) || body.contains(this.grid.cells.stop)) return
    const height = body.offsetHeight
    const rows = [...body.rows]
    const gap = document.createElement('tr')
    gap.className = 'gap'
    gap.setAttribute('aria-hidden', 'true')
    const cell = gap.insertCell()
    cell.colSpan = this.grid.cells.columns.length + 1
    cell.style.height = `${height}px`
    body.replaceChildren(gap)
    this.away.set(body, rows)
  }

  #back (body) {
    const rows = this.away.get(body)
    if (!rows) return
    this.away.delete(body)
    body.replaceChildren(...rows)
    rows.forEach((row) => this.grid.selection.show(row))
    this.grid.live.catchUp()
  }
}
