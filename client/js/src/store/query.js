// Finding rows: which documents, in what order, from where and how many.
//
// There are two ways, and the cheaper is taken. Either the rows that one comparison with an
// indexed field leaves are read and put in order; or all rows are walked in their order, up
// to the limit. With n rows of which the comparison leaves m, the walk meets a row that
// fits every n/m steps: so it is about m against limit·n/m. A search leaves those rows whose
// text has the words somewhere.

import { matches, parseCondition, resolve } from '../schema/condition.js'
import { comparePlaces, keysOf, parseSort } from './order.js'
import { narrow } from './narrow.js'
import { searcher } from './search.js'
import { firstAt } from './sorted.js'

/** @import { Condition, Vars } from '../schema/condition.js' */
/** @import { Sort, Sortable } from './order.js' */
/** @import { Row } from './row.js' */
/** @import { Entry } from './sorted.js' */
/** @import { Table } from './table.js' */

/**
 * @typedef {object} Options
 * @property {Sort} [sort]
 * @property {number} [limit] none: all
 * @property {Sortable} [after] the last document of the page before: only what comes after it
 * @property {string} [search] for each word of it, a word of the document begins with it
 * @property {boolean} [deleted] the trash instead
 * @property {() => Vars} [vars] what $me, $now and $today stand for; asked at each run
 */

/** A question that was read, and can be asked again and again. */
export class Query {
  /**
   * @param {unknown} [condition] as parseCondition reads it; undefined is true
   * @param {Options} [options]
   * @throws {import('../schema/condition.js').ConditionError}
   */
  constructor (condition = true, options = {}) {
    this.condition = parseCondition(condition)
    this.options = options
    this.sort = parseSort(options.sort)
    this.search = searcher(options.search)
  }

  /** @returns {Condition} */
  #resolved () {
    const { vars = () => ({ me: '', now: Date.now() }) } = this.options
    return resolve(this.condition, vars())
  }

  /** What tells whether a row belongs to the result, its place aside.
   * @param {Condition} [where]
   * @returns {(row: Row) => boolean} */
  test (where = this.#resolved()) {
    const deleted = this.options.deleted ?? false
    const every = where.op === 'true'
    const { search } = this
    return row => row.deleted === deleted && (every || matches(where, row.value)) && (!search || search.test(row))
  }

  /**
   * @param {Table} table
   * @returns {Row[]}
   */
  find (table) {
    const { limit = Infinity, after } = this.options
    const where = this.#resolved()
    const test = this.test(where)
    const few = this.#few(table, where)
    if (few && few.size * few.size * 4 < Math.min(limit, table.size) * table.size) {
      return this.#sorted(few.rows().filter(test)).slice(0, limit)
    }
    const entries = table.index(this.sort).entries
    let at = after ? firstAt(entries, this.#beyond(after)) : 0
    /** @type {Row[]} */
    const rows = []
    for (; at < entries.length && rows.length < limit; at++) {
      if (test(entries[at].row)) rows.push(entries[at].row)
    }
    return rows
  }

  /**
   * How many there are, whatever the limit and the place to begin after.
   * @param {Table} table
   */
  count (table) {
    const where = this.#resolved()
    const test = this.test(where)
    let n = 0
    for (const row of this.#few(table, where)?.rows() ?? table.rows()) if (test(row)) n++
    return n
  }

  /**
   * Rows among which all are that match, and how many; undefined where that is not known.
   * @param {Table} table
   * @param {Condition} where
   * @returns {{size: number, rows: () => Row[]}|undefined}
   */
  #few (table, where) {
    const few = narrow(table, where)
    if (!this.search) return few
    const rows = (few?.rows() ?? [...table.rows()]).filter(this.search.maybe)
    return { size: rows.length, rows: () => rows }
  }

  /** @param {Row[]} rows */
  #sorted (rows) {
    const { sort } = this
    let places = rows.map(row => ({ id: row.id, keys: keysOf(row, sort), row }))
    if (this.options.after) places = places.filter(this.#beyond(this.options.after))
    return places.sort((a, b) => comparePlaces(a, b, sort)).map(place => place.row)
  }

  /**
   * @param {Sortable} after
   * @returns {(entry: Entry) => boolean}
   */
  #beyond (after) {
    const place = { id: after.id, keys: keysOf(after, this.sort) }
    return entry => comparePlaces(entry, place, this.sort) > 0
  }
}
