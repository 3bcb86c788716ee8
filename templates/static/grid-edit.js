// Editing in place: the field's own control of the form, over its cell. What was typed is
// sent with what it was made on, so that the server merges it with what others wrote; a
// mistake stands beside the control, which keeps what was typed.

import { cellOf, fieldPath, rawOf } from './grid-cells.js'

export class Editing {
  constructor (grid) {
    this.grid = grid
    this.open = null // {cell, id, path, was, control, place}
    grid.table.addEventListener('keydown', (event) => this.#pressed(event))
    grid.table.addEventListener('dblclick', (event) => { const cell = cellOf(event.target); if (cell) this.begin(cell) })
    document.addEventListener('pointerdown', (event) => { if (this.open && !this.open.place.contains(event.target)) this.#leave() }, true)
    // The control is there before the first key is pressed, so that the key goes into it.
    this.ready = Promise.all([import('/app/studio.js'), fetch(`/api/_types/${grid.type}`).then((answer) => answer.json()), fetch('/app/studio.css').then((answer) => answer.text())])
      .then(([studio, type]) => { this.studio = studio; this.type = type })
  }

  /** Why a cell cannot be edited here, '' if it can. */
  #fixed (cell, column) {
    if (column.kind === 'large') return this.grid.words.whole
    return !column.edits || cell.parentElement.dataset.fixed === 'true' ? this.grid.words.fixed : ''
  }

  #pressed (event) {
    const cell = cellOf(event.target)
    if (!cell || this.open || event.isComposing) return
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key === 'Enter' || event.key === 'F2') this.begin(cell)
    else if ((event.key === 'Delete' || event.key === 'Backspace') && plain) this.#clear(cell)
    else if (plain && event.key.length === 1 && event.key !== ' ') {
      this.begin(cell, true)
      return // the key itself goes into the control
    } else return
    event.preventDefault()
  }

  /** Begins to edit a cell; anew begins with nothing, for a key that was pressed. */
  async begin (cell, anew = false) {
    const column = this.grid.cells.columns[cell.cellIndex - 1]
    const why = this.#fixed(cell, column)
    if (why) return this.#tell(cell, why, column.kind === 'large')
    if (!this.studio) await this.ready
    let was = rawOf(cell)
    const id = cell.parentElement.dataset.id
    const path = fieldPath(column.key)
    if (was === undefined) {
      const record = await fetch(`/api/${this.grid.type}/${id}`).then((answer) => answer.json())
      was = valueAt(record.value, path)
    }
    if (this.open) return
    // A key that is pressed replaces a value, and is the first of one more entry of a list.
    this.#mount(cell, id, path, was, anew && cell.matches('.plain, .number') && !Array.isArray(was))
  }

  #mount (cell, id, path, was, anew) {
    const place = document.createElement('div')
    place.className = 'cell-editor'
    const inside = document.createElement('div')
    place.append(inside)
    this.grid.box.append(place)
    this.#put(place, cell)
    const field = this.type.fields.find((one) => same(one.path, path))
    const control = this.studio.mountCell(inside, {
      type: this.type, path, lang: this.grid.lang, value: was === null || (anew && !field?.enum) ? undefined : was,
      commit: (value) => this.#save(value, (to) => this.#below(to)),
      cancel: () => this.close(),
      next: (value, back) => this.#save(value, (to) => this.#beside(to, back))
    })
    this.open = { cell, id, path, was, control, place }
    control.focus()
    // Of a list, what takes the next entry, rather than what takes the first one out.
    if (inside.shadowRoot.activeElement?.matches('button')) inside.shadowRoot.querySelector('input[type=text]')?.focus()
  }

  /** Puts the editor over its cell. */
  #put (place, cell) {
    const { box } = this.grid
    const at = cell.getBoundingClientRect()
    const frame = box.getBoundingClientRect()
    const width = Math.max(at.width, 240)
    const left = Math.max(0, Math.min(at.left - frame.left, frame.width - width - 20))
    Object.assign(place.style, { left: `${left + box.scrollLeft}px`, top: `${at.top - frame.top + box.scrollTop}px`, width: `${width}px` })
  }

  /** Ends editing without keeping what was typed. */
  close () {
    const { cell, control, place } = this.open
    this.open = null
    control.close()
    place.remove()
    this.grid.cells.focus(cell.isConnected ? cell : this.grid.cells.stop)
    this.grid.live.catchUp()
  }

  /** Leaves the editor for something else: what is valid is kept, and all else stays open. */
  #leave () {
    if (this.open.saving) return
    if (this.open.control.valid()) this.#save(this.open.control.value(), () => {})
    else this.open.control.focus()
  }

  #below (cell) { this.grid.cells.focus(cell.parentElement.nextElementSibling?.cells?.[cell.cellIndex] ?? cell) }

  #beside (cell, back) {
    const next = back ? cell.previousElementSibling : cell.nextElementSibling
    this.grid.cells.focus(next && !next.classList.contains('pick') ? next : cell)
  }

  #clear (cell) {
    const column = this.grid.cells.columns[cell.cellIndex - 1]
    const why = this.#fixed(cell, column)
    if (why) return this.#tell(cell, why)
    const was = rawOf(cell)
    if (was === undefined || was === null) return
    this.#send(cell.parentElement.dataset.id, fieldPath(column.key), was, undefined)
      .then((wrong) => { if (wrong) this.#tell(cell, wrong) })
  }

  /** Saves what the editor holds; then goes on from the cell. */
  async #save (value, then) {
    const { id, path, was, place, cell } = this.open
    if (this.open.saving) return
    if (same(value ?? null, was)) {
      this.close()
      return then(this.#again(id, cell))
    }
    this.open.saving = true
    const wrong = await this.#send(id, path, was, value)
    if (!this.open) return
    this.open.saving = false
    if (wrong) return this.#problem(place, wrong)
    this.close()
    then(this.#again(id, cell))
  }

  /** The cell as it is now: its row may have come anew. */
  #again (id, cell) { return this.grid.cells.row(id)?.cells[cell.cellIndex] ?? cell }

  /** Sends one field, and shows the row as it is then. Gives what was wrong. */
  async #send (id, path, was, value) {
    const { words, type } = this.grid
    this.grid.say(words.saving)
    let answer
    try {
      answer = await fetch(`/api/${type}/${id}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ value: { [path[0]]: null, ...alone(path, value) }, from: alone(path, was) })
      })
    } catch {
      return words.offline
    }
    if (!answer.ok) return (await answer.json().catch(() => null))?.error?.message ?? words.wrong
    const record = answer.status === 204 ? null : await answer.json()
    if (this.open?.id === id) this.open.saved = true
    await this.grid.live.refresh([id], true)
    const merged = record && !same(valueAt(record.value, path), value ?? null)
    const row = this.grid.cells.row(id)
    const at = this.grid.cells.columns.findIndex((column) => same(fieldPath(column.key), path)) + 1
    if (merged && row) this.#tell(row.cells[at], words.merged)
    else this.grid.say(words.saved)
    return ''
  }

  #problem (place, text) {
    let told = place.querySelector('.cell-problem')
    if (!told) {
      told = document.createElement('p')
      told.className = 'cell-problem'
      told.setAttribute('role', 'alert')
      place.append(told)
    }
    told.textContent = text
    this.open.control.focus()
  }

  /** Says something about a cell beside it, for a while; with the way to its record. */
  #tell (cell, text, toRecord = false) {
    document.querySelector('.cell-note')?.remove()
    const note = document.createElement('p')
    note.className = 'cell-note'
    note.textContent = text
    if (toRecord) {
      const link = document.createElement('a')
      link.href = cell.parentElement.querySelector('.pick a').href
      link.textContent = this.grid.words.record
      note.append(' ', link)
    }
    this.grid.box.append(note)
    this.#put(note, cell)
    note.style.top = `${parseFloat(note.style.top) + cell.offsetHeight}px`
    this.grid.say(text)
    setTimeout(() => note.remove(), 6000)
  }
}

/** What stands at the end of a path; null for nothing. */
const valueAt = (value, path) => path.reduce((at, key) => at?.[key], value) ?? null

/** A record of one value alone; of an empty one, what it would stand in. */
const alone = (path, value) => path.slice(0, -1).reduceRight((inside, key) => ({ [key]: inside }), value === undefined || value === null ? {} : { [path.at(-1)]: value })

/** Compares two JSON values. */
function same (a, b) {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]))
}
