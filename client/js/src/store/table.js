// A table: what a person sees of all documents of one type, in memory.

import { Query } from './query.js'
import { makeRow, sameRow } from './row.js'
import { Sorted } from './sorted.js'
import { join, tell } from './tell.js'

/** @import { Options } from './query.js' */
/** @import { SortKey } from './order.js' */
/** @import { Rec } from './page.js' */
/** @import { Row, Viewer } from './row.js' */
/** @import { Pending, Tx } from './tx.js' */
/** @import { Wrote } from './wrote.js' */

/** What is there of documents. @typedef {{recs: Map<string, Rec|undefined>, changes: Map<string, Record<string, any>[]>}} Read */

/** A row that came, went or was replaced. @typedef {{old: Row|undefined, row: Row|undefined}} Step */

/** So many indexes are kept that no field of the type asks for. */
const maxIndexes = 16

/** From so many documents on, what is pending of the whole type is read at once. */
const few = 20

/** The documents of a type, in memory. Get one from Store.table. */
export class Table {
  #type
  #viewer
  /** @type {Map<string, Row>} */
  #rows = new Map()
  /** By sort; the one used last comes last. @type {Map<string, Sorted>} */
  #indexes = new Map()
  /** The fields that the type wants to be asked by, as JSON. @type {Set<string>} */
  #fields = new Set()
  /** @type {Set<(steps: Step[]) => void>} */
  #watchers = new Set()

  /**
   * @param {string} type
   * @param {() => Viewer} viewer
   */
  constructor (type, viewer) {
    this.#type = type
    this.#viewer = viewer
  }

  get size () { return this.#rows.size }

  /** The rows in no order. */
  rows () { return this.#rows.values() }

  /** @param {string} id */
  get (id) { return this.#rows.get(id) }

  /**
   * The rows that match, in order.
   * @param {unknown} [condition]
   * @param {Options} [options]
   * @returns {Row[]}
   * @throws {import('../schema/condition.js').ConditionError}
   */
  find (condition, options) { return new Query(condition, options).find(this) }

  /**
   * @param {unknown} [condition]
   * @param {Options} [options]
   */
  count (condition, options) { return new Query(condition, options).count(this) }

  /**
   * The index with an order, made when first asked for.
   * @param {SortKey[]} sort
   */
  index (sort) {
    const name = JSON.stringify(sort)
    const index = this.#indexes.get(name) ?? new Sorted(sort, this.rows())
    this.#indexes.delete(name)
    this.#indexes.set(name, index)
    if (this.#indexes.size > maxIndexes + this.#fields.size) this.#indexes.delete(/** @type {string} */ (this.#indexes.keys().next().value))
    return index
  }

  /**
   * The index by a field: where the type wants one, or somebody sorted by it.
   * @param {string} field the way to it, as JSON
   */
  indexOf (field) {
    const sort = /** @type {SortKey[]} */ ([{ field: JSON.parse(field), sign: 1, own: undefined }])
    return this.#fields.has(field) || this.#indexes.has(JSON.stringify(sort)) ? this.index(sort) : undefined
  }

  /**
   * Calls fn with what moved, after it did.
   * @param {(steps: Step[]) => void} fn
   * @returns {() => void} stops it
   */
  watch (fn) { return join(this.#watchers, fn) }

  // What follows is for the store.

  /**
   * Learns by which fields the type wants to be asked.
   * @param {Tx} tx
   */
  async learn (tx) {
    const type = await tx.type(this.#type)
    this.#fields = new Set((type?.fields ?? [])
      .filter((/** @type {any} */ f) => f.index && !f.path.includes('*'))
      .map((/** @type {any} */ f) => JSON.stringify(f.path)))
  }

  /**
   * Reads documents as they are now: these, or all, among which those that the table has
   * and the database no longer.
   * @param {Tx} tx
   * @param {Set<string>} [ids]
   * @param {Wrote} [own] what this tab did to these, if nobody else did anything since the table was level
   * @returns {Promise<Map<string, Row|undefined>>}
   */
  async read (tx, ids, own) {
    /** @type {Map<string, Row|undefined>} */
    const found = new Map()
    const { recs, changes } = ids ? await this.#readSome(tx, ids, own) : await this.#readAll(tx)
    for (const id of ids ?? [...recs.keys(), ...changes.keys(), ...this.#rows.keys()]) {
      if (!found.has(id)) found.set(id, makeRow(id, recs.get(id), changes.get(id) ?? [], this.#viewer()))
    }
    return found
  }

  /**
   * @param {Tx} tx
   * @returns {Promise<Read>}
   */
  async #readAll (tx) {
    /** @type {Read['recs']} */
    const recs = new Map()
    const changes = byDoc(await tx.pendingOf(this.#type))
    await tx.eachDocument(this.#type, rec => recs.set(rec.id, rec))
    return { recs, changes }
  }

  /**
   * What this tab wrote is known, and so is the rest of what the table has.
   * @param {Tx} tx
   * @param {Set<string>} ids
   * @param {Wrote} [own]
   * @returns {Promise<Read>}
   */
  async #readSome (tx, ids, own) {
    /** @type {Read['recs']} */
    const recs = new Map()
    /** @type {Read['changes']} */
    const changes = new Map()
    for (const id of ids) {
      const row = own && this.#rows.get(id)
      if (own?.recs.has(id)) recs.set(id, own.recs.get(id))
      else if (row) recs.set(id, row.rec)
      const added = own?.changes.get(id) ?? []
      if (row && own?.changes.get(id) !== null) changes.set(id, added.length > 0 ? [...row.changes, ...added] : row.changes)
    }
    const noRec = [...ids].filter(id => !recs.has(id)), noChanges = [...ids].filter(id => !changes.has(id))
    const pending = byDoc(noChanges.length < few
      ? (await Promise.all(noChanges.map(id => tx.pendingOf(this.#type, id)))).flat()
      : await tx.pendingOf(this.#type))
    for (const id of noChanges) changes.set(id, pending.get(id) ?? [])
    for (const [id, rec] of noRec.length > 0 ? await tx.documents(this.#type, noRec) : []) recs.set(id, rec)
    return { recs, changes }
  }

  /**
   * Takes in what was read. A row that says what it said stays the row it is.
   * @param {Map<string, Row|undefined>} found
   */
  apply (found) {
    /** @type {Step[]} */
    const steps = []
    for (const [id, row] of found) {
      const old = this.#rows.get(id)
      if (old === row) continue
      if (old && row && sameRow(old, row)) {
        old.rec = row.rec // as of now: the next read stands on it
        continue
      }
      if (old) old.gone = true
      if (row) this.#rows.set(id, row)
      else this.#rows.delete(id)
      steps.push({ old, row })
    }
    if (steps.length === 0) return
    for (const index of this.#indexes.values()) index.move(steps)
    tell(this.#watchers, steps)
  }
}

/**
 * @param {Pending[]} pending by n
 * @returns {Map<string, Record<string, any>[]>} the changes, by document
 */
function byDoc (pending) {
  /** @type {Map<string, Record<string, any>[]>} */
  const docs = new Map()
  for (const { doc, change } of pending) {
    const had = docs.get(doc)
    if (had) had.push(change)
    else docs.set(doc, [change])
  }
  return docs
}
