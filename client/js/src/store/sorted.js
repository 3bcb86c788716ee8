// An index: the rows of a table in one order, in a sorted array.

import { comparePlaces, keysOf } from './order.js'

/** @import { Row } from './row.js' */
/** @import { Place, SortKey } from './order.js' */

/** @typedef {Place & {row: Row}} Entry */

/**
 * Rows in an order. It is brought up to date when it is next asked for, in one pass for
 * all that changed since: so it costs nothing while a first sync pours in.
 */
export class Sorted {
  /** @type {Entry[]} */
  #entries = []
  /** @type {Row[]} */
  #fresh
  #stale = true

  /**
   * @param {SortKey[]} sort
   * @param {Iterable<Row>} rows
   */
  constructor (sort, rows) {
    this.sort = sort
    this.#fresh = [...rows]
  }

  /**
   * Says that rows came, and that others may be gone.
   * @param {Row[]} rows
   */
  move (rows) {
    this.#stale = true
    for (const row of rows) this.#fresh.push(row)
  }

  /** @returns {readonly Entry[]} */
  get entries () {
    if (this.#stale) {
      const old = this.#entries.filter(entry => !entry.row.gone)
      const fresh = this.#fresh.filter(row => !row.gone)
        .map(row => ({ id: row.id, keys: keysOf(row, this.sort), row }))
        .sort((a, b) => comparePlaces(a, b, this.sort))
      this.#entries = old.length === 0 ? fresh : fresh.length === 0 ? old : this.#merge(old, fresh)
      this.#fresh = []
      this.#stale = false
    }
    return this.#entries
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
