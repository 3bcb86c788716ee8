// An index: the rows of a table in one order, in a sorted array.

import { comparePlaces, keysOf } from './order.js'

/** @import { Row } from './row.js' */
/** @import { Place, SortKey } from './order.js' */
/** @import { Step } from './table.js' */

/** @typedef {Place & {row: Row}} Entry */

/** So many rows are put into place and taken out one by one; for more, all are gone through. */
const few = 100

/**
 * Rows in an order. It is brought up to date when it is next asked for, for all that moved
 * since: so it costs nothing while a first sync pours in.
 */
export class Sorted {
  /** @type {Entry[]} */
  #entries = []
  /** @type {Row[]} */
  #came
  /** @type {Row[]} */
  #went = []

  /**
   * @param {SortKey[]} sort
   * @param {Iterable<Row>} rows
   */
  constructor (sort, rows) {
    this.sort = sort
    this.#came = [...rows]
  }

  /** @param {Step[]} steps what moved since the last time */
  move (steps) {
    for (const { old, row } of steps) {
      if (old && this.#went.length <= few) this.#went.push(old) // more need not be known one by one
      if (row) this.#came.push(row)
    }
    if (this.#came.length > this.#entries.length + 10_000) this.#level() // nobody asks: let go of what is gone
  }

  /** The rows in order. Good until the next edit. @returns {readonly Entry[]} */
  get entries () {
    if (this.#came.length + this.#went.length > 0) this.#level()
    return this.#entries
  }

  #level () {
    // A row that came and went meanwhile is in both, and was never here.
    const came = this.#came.filter(row => !row.gone).map(row => this.#entry(row))
    if (came.length + this.#went.length <= few) {
      for (const row of this.#went) this.#remove(this.#entry(row))
      for (const entry of came) this.#entries.splice(this.#place(entry), 0, entry)
    } else {
      const old = this.#went.length > 0 ? this.#entries.filter(entry => !entry.row.gone) : this.#entries
      came.sort((a, b) => comparePlaces(a, b, this.sort))
      this.#entries = old.length > 0 ? this.#merge(old, came) : came
    }
    this.#came = []
    this.#went = []
  }

  /** @param {Row} row @returns {Entry} */
  #entry (row) { return { id: row.id, keys: keysOf(row, this.sort), row } }

  /** @param {Entry} entry */
  #place (entry) { return firstAt(this.#entries, other => comparePlaces(other, entry, this.sort) >= 0) }

  /** @param {Entry} entry */
  #remove (entry) {
    const at = this.#place(entry)
    if (this.#entries[at]?.row === entry.row) this.#entries.splice(at, 1)
  }

  /**
   * @param {Entry[]} a
   * @param {Entry[]} b
   */
  #merge (a, b) {
    const merged = new Array(a.length + b.length)
    for (let i = 0, j = 0, k = 0; k < merged.length; k++) {
      const first = j === b.length || (i < a.length && comparePlaces(a[i], b[j], this.sort) < 0)
      merged[k] = first ? a[i++] : b[j++]
    }
    return merged
  }
}

/**
 * The first place in a sorted array from which on is true.
 * @template T
 * @param {readonly T[]} list
 * @param {(item: T) => boolean} beyond false, then true
 * @returns {number}
 */
export function firstAt (list, beyond) {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (beyond(list[middle])) high = middle
    else low = middle + 1
  }
  return low
}
