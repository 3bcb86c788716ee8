// The documents of one type on the device: made, edited, found and checked with no network.

/** @import { Op } from '../crdt/change.js' */
/** @import { Editor } from '../crdt/editor.js' */
/** @import { Value } from '../crdt/value.js' */
/** @import { Problem } from '../schema/schema.js' */
/** @import { Sortable } from '../store/order.js' */
/** @import { Row } from '../store/row.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */
/** @import { Live } from './live.js' */
/** @import { Type } from './types.js' */
/** @import { Seen } from './view.js' */

import { Clock } from '../crdt/stamp.js'
import { escape } from '../schema/texts.js'
import { FieldstackError, invalid } from './error.js'
import { rename } from './fork.js'
import { LiveRow, mapped } from './live.js'
import { Document, toPath } from './record.js'
import { Text } from './text.js'
import { keep, view } from './view.js'
import { call } from './wire.js'

/**
 * A condition, such as {"field": "status", "not": "done"}.
 * @typedef {unknown} Condition
 */

/**
 * How documents are found. Sort: a field, "-field" for the other way round, or several.
 * @typedef {{ sort?: string | string[], limit?: number, after?: Sortable, search?: string, deleted?: boolean }} FindOptions
 */

/**
 * The fields of a record.
 * @typedef {{ [field: string]: Value | undefined }} Fields
 */

/** The documents of one type. */
export class Collection {
  #db
  /** @type {WeakMap<Row, Document>} */
  #documents = new WeakMap()

  /**
   * Use collection() of the database.
   * @internal
   * @param {Database} db
   * @param {string} name
   */
  constructor (db, name) {
    this.#db = db
    this.name = name
  }

  /** The type as the device has it, undefined while it has not come. */
  get type () { return this.#db.types.find(type => type.name === this.name) }

  /** @internal */
  get known () {
    const { type } = this
    if (type) return type
    throw new FieldstackError('not_found', `This device does not have the type "${this.name}" yet.`)
  }

  /**
   * @param {Row} row
   */
  #document (row) {
    let document = this.#documents.get(row)
    if (!document) this.#documents.set(row, document = new Document(row, this))
    return document
  }

  /** @param {FindOptions} [options] */
  #options (options) {
    return { ...options, vars: () => ({ me: this.#db.who?.name ?? '', now: serverNow(this.#db, this.#db.me) }) }
  }

  /**
   * A document, one in the trash too; undefined when the device does not have it.
   * @param {string} id
   * @returns {Promise<Document | undefined>}
   */
  async get (id) {
    const row = (await this.#db.store.table(this.name)).get(id)
    return row && this.#document(row)
  }

  /**
   * @param {Condition} [condition] may use $me, $now and $today
   * @param {FindOptions} [options]
   */
  async find (condition, options) {
    const table = await this.#db.store.table(this.name)
    return table.find(condition, this.#options(options)).map(row => this.#document(row))
  }

  /**
   * @param {Condition} [condition]
   * @param {FindOptions} [options]
   */
  async count (condition, options) {
    const table = await this.#db.store.table(this.name)
    return table.count(condition, this.#options(options))
  }

  /**
   * The documents that a query finds, kept current.
   * @param {Condition} [condition]
   * @param {FindOptions} [options]
   * @returns {Live<Document[]>}
   */
  live (condition, options) {
    return mapped(this.#db.store.live(this.name, condition, this.#options(options)), rows => rows.map(row => this.#document(row)))
  }

  /**
   * How many documents a query finds, kept current.
   * @param {Condition} [condition]
   * @param {Omit<FindOptions, 'limit' | 'sort'>} [options]
   * @returns {Live<number>}
   */
  liveCount (condition, options) {
    return mapped(this.#db.store.live(this.name, condition, this.#options(options)), rows => rows.length)
  }

  /**
   * One document, kept current; its value is undefined while there is none.
   * @param {string} id
   * @returns {Live<Document>}
   */
  liveDocument (id) {
    return mapped(new LiveRow(this.#db.store, this.name, id), row => this.#document(row))
  }

  /**
   * Calls fn with what a query finds, now and whenever it moves.
   * @param {Condition} condition
   * @param {FindOptions | undefined} options
   * @param {(documents: Document[]) => void} fn
   * @returns {() => void} ends it
   */
  subscribe (condition, options, fn) {
    const live = this.live(condition, options)
    const tell = () => { if (live.value) fn(live.value) }
    const off = live.subscribe(tell)
    tell()
    return off
  }

  /**
   * Makes a document. A value that breaks the type is an error `invalid` that lists every
   * problem, and nothing is made.
   * @param {Fields} value fields that are undefined are left out
   * @param {{ id?: string }} [options] id: a UUID in lower case, in place of a new one
   */
  async insert (value, { id = newId(this.#db) } = {}) {
    const type = this.known
    if (!type.grant.create) throw new FieldstackError('forbidden', `You may not create ${type.title} records.`)
    const whole = present(value, undefined)
    const problems = type.validate(whole)
    if (problems.length) throw invalid(problems)
    return this.#change(id, e => e.putAll(whole), true)
  }

  /**
   * Makes one change: of the fields given (undefined or null removes one), of which only what
   * differs becomes operations, or of all that a function does to an editor, whose errors
   * leave the document as it was.
   *
   * With from, the fields as the caller began with them (one left out: it was not there), what
   * differs from it is merged, field by field, with what became of the document meanwhile,
   * instead of replacing that.
   * @param {string} id
   * @param {Fields | ((editor: Editor) => void)} change
   * @param {{ from?: Fields }} [options]
   */
  update (id, change, { from } = {}) {
    return this.#change(id, typeof change === 'function' ? change : e => {
      for (const [field, value] of Object.entries(change)) {
        if (from) e.rebase(field, present(from), present(change))
        else if (value == null) e.remove([field])
        else e.put([field], value)
      }
    })
  }

  /**
   * Puts the document in the trash, as far as this device has seen it.
   * @param {string} id
   */
  remove (id) { return this.#change(id, e => e.delete()) }

  /**
   * Takes a document out of the trash.
   * @param {string} id
   */
  restore (id) { return this.#change(id, e => e.restore()) }

  /**
   * What f does to a document, as one pending change.
   * @param {string} id
   * @param {(editor: Editor) => void} f
   * @param {boolean} [made] it is not there yet
   */
  async #change (id, f, made = false) {
    const type = this.known
    await this.#db.write(async (tx, me) => {
      let seen = await view(this.#db, tx, me, this.name, id)
      if ((seen.doc.seen()[me.replica] ?? 0) > me.n) { // somebody else goes on under this replica id
        await rename(this.#db, tx, me)
        seen = await view(this.#db, tx, me, this.name, id)
      }
      const { doc } = seen
      if (doc.exists() === made) {
        throw new FieldstackError(made ? 'conflict' : 'not_found', `This device has ${made ? 'a' : 'no'} ${this.name} ${id}.`)
      }
      const editor = doc.edit(me.replica, type.plan)
      try {
        f(editor)
      } catch (error) {
        throw asInvalid(error)
      }
      await queue(this.#db, tx, me, type, id, seen, editor.ops())
    }, { strict: true })
    return /** @type {Document} */ (await this.get(id))
  }

  /**
   * What of a whole value breaks the type.
   * @param {Fields} value
   * @returns {Problem[]}
   */
  validate (value) { return this.known.validate(value) }

  /**
   * What of one field's value breaks the type.
   * @param {string | string[]} path
   * @param {unknown} value
   * @returns {Problem[]}
   */
  validateField (path, value) { return this.known.validateField(toPath(path), value) }

  /**
   * A text field to type in. Its owner closes it.
   * @param {string} id
   * @param {string | string[]} path
   */
  async text (id, path) {
    const text = new Text(this.#db, this, id, toPath(path))
    await text.load()
    return text
  }

  /**
   * Who changed what, oldest first, as the server has it: error code `offline` without one.
   * @param {string} id
   * @param {{ field?: string }} [options] of one field only
   * @returns {Promise<Entry[] & { begins?: number }>} begins: history before then (ms) was folded away
   */
  async history (id, { field } = {}) {
    /** @type {Entry[] & { begins?: number }} */
    const all = []
    let after = ''
    do {
      const query = new URLSearchParams({ limit: '1000', ...(field && { field }), ...(after && { after }) })
      const page = await call(this.#db, 'GET', `/api/${this.name}/${id}/history?${query}`)
      all.push(...page.events)
      all.begins = page.begins
      after = page.next
    } while (after)
    return all
  }

  /**
   * The saved views that the server has for who is signed in, one's own and the shared ones:
   * error code `offline` without one.
   * @returns {Promise<View[]>}
   */
  async views () { return (await call(this.#db, 'GET', '/api/_views?type=' + this.name)).views }
}

/**
 * @typedef {object} View
 * @property {string} id
 * @property {string} name
 * @property {string} by who made it
 * @property {boolean} shared
 * @property {boolean} [partly] what is about fields that are not to be seen is left out
 * @property {any} [where] a condition
 * @property {{ path: string[], desc?: boolean }[]} [sort]
 * @property {string} [search]
 * @property {'attention' | 'trash'} [state]
 */

/**
 * The fields that are there: those that are null or undefined, or only undefined, are not.
 * @param {Fields} fields
 * @param {null | undefined} [absent]
 * @returns {{ [field: string]: Value }}
 */
function present (fields, absent = null) {
  return /** @type {any} */ (Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined && (v !== absent))))
}

/**
 * One thing that happened to a document, as the server tells it.
 * @typedef {{ [member: string]: any }} Entry
 */

/**
 * Checks operations and queues them as the next change of this device. Does nothing without.
 * @param {Database} db
 * @param {Tx} tx
 * @param {Me} me
 * @param {Type} type
 * @param {string} id
 * @param {Seen} seen what they were made on
 * @param {Op[]} ops
 */
export async function queue (db, tx, me, type, id, seen, ops) {
  if (!ops.length) return
  type.check(ops)
  const { name, version } = type
  const prev = seen.doc.seen()[me.replica]
  const clock = new Clock()
  clock.observe(me.clock)
  const stamp = me.clock = clock.next(serverNow(db, me))
  const change = { replica: me.replica, n: ++me.n, ...(prev && { prev }), stamp, type: name, version, doc: id, ops }
  await tx.addPending({ n: me.n, type: name, doc: id, change, since: sinceNow(me) })
  keep(db, seen, change)
}

/**
 * The cursor that a change made now counts as made at: while a whole sync is under way, some of
 * the documents are still as they were before it.
 * @param {Me} me
 */
export const sinceNow = me => me.base || me.cursor

/**
 * The time that changes are stamped with: the device's clock, corrected by what the server
 * last said of its own.
 * @param {Database} db
 * @param {Me} me
 */
export const serverNow = (db, me) => db.options.now() + me.offset

/**
 * An error of the merge says which field it is about.
 * @param {any} error
 */
export function asInvalid (error) {
  if (error?.name !== 'OpError' && error?.name !== 'ValueError') return error
  const field = Array.isArray(error.path) ? error.path.map((/** @type {string} */ key) => '/' + escape(key)).join('') : error.path
  return new FieldstackError('invalid', error.message, { field, cause: error })
}

/**
 * A UUIDv7 (RFC 9562, section 5.7): ms since 1970, then random bits.
 * @param {Database} db
 */
const newId = db => makeId(serverNow(db, db.me), db.options.random(new Uint8Array(10)))

/**
 * @param {number} ms
 * @param {Uint8Array} random ten bytes
 */
export function makeId (ms, random) {
  const hex = Array.from(random, b => b.toString(16).padStart(2, '0')).join('')
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${(8 | random[2] >> 4 & 3).toString(16)}${hex.slice(5, 8)}-${hex.slice(8)}`
}
