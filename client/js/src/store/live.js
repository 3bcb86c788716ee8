// A live query: a result that keeps itself up to date while somebody looks.

import { Query } from './query.js'
import { tell } from './tell.js'

/** @import { Options } from './query.js' */
/** @import { Row } from './row.js' */
/** @import { Step, Table } from './table.js' */

/**
 * A result that stays up to date. It works only while somebody is subscribed: so making
 * one and throwing it away costs nothing.
 */
export class Live {
  #table
  #query
  /** @type {Set<(rows: Row[]|undefined) => void>} */
  #subscribers = new Set()
  /** @type {() => void} */
  #stop = () => {}
  #begun = 0

  /** The rows: another array only when one of them, or their order, is another. Undefined until they are read. @type {Row[]|undefined} */
  value
  /** Why there is no value. @type {unknown} */
  error

  /**
   * @param {() => Promise<Table>} table
   * @param {unknown} [condition]
   * @param {Options} [options]
   * @throws {import('../schema/condition.js').ConditionError}
   */
  constructor (table, condition, options) {
    this.#table = table
    this.#query = new Query(condition, options)
  }

  /**
   * Calls fn after each change of value or error, the first time when it is read.
   * @param {(rows: Row[]|undefined) => void} fn
   * @returns {() => void} ends it
   */
  subscribe (fn) {
    const own = (/** @type {Row[]|undefined} */ rows) => fn(rows)
    this.#subscribers.add(own)
    if (this.#subscribers.size === 1) this.#begin()
    return () => {
      if (this.#subscribers.delete(own) && this.#subscribers.size === 0) this.#end()
    }
  }

  /** Ends all subscriptions. */
  close () {
    this.#subscribers.clear()
    this.#end()
  }

  async #begin () {
    const begun = ++this.#begun
    try {
      const table = await this.#table()
      if (begun !== this.#begun) return
      this.#stop = table.watch(steps => this.#moved(table, steps))
      this.#run(table)
    } catch (error) {
      if (begun === this.#begun) this.#say(undefined, error)
    }
  }

  #end () {
    this.#begun++
    this.#stop()
    this.#stop = () => {}
  }

  /**
   * @param {Table} table
   * @param {Step[]} steps
   */
  #moved (table, steps) {
    const test = this.#query.test()
    const shown = new Set(this.value)
    if (steps.some(({ old, row }) => (old && shown.has(old)) || (row && test(row)))) this.#run(table)
  }

  /** @param {Table} table */
  #run (table) {
    const rows = this.#query.find(table)
    const same = this.value && rows.length === this.value.length && rows.every((row, i) => row === this.value?.[i])
    if (!same) this.#say(rows, undefined)
  }

  /**
   * @param {Row[]|undefined} rows
   * @param {unknown} error
   */
  #say (rows, error) {
    this.value = rows
    this.error = error
    tell(this.#subscribers, rows)
  }
}
