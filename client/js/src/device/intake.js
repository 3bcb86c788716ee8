// An answer on its way into the store.

/** @import { Change } from '../crdt/change.js' */
/** @import { Document as State } from '../crdt/document.js' */
/** @import { Rec } from '../store/page.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */
/** @import { Answer, DocumentWire, Key } from './wire.js' */

import { millis } from '../crdt/stamp.js'
import { rename } from './fork.js'
import { remake, remakeAll } from './outdated.js'
import { refuse } from './refused.js'
import { Type } from './types.js'
import { decode, follow } from './view.js'
import { bytes } from './wire.js'

/**
 * How much longer than the server a device keeps what is in the trash, ms, so that a server's
 * clock that stepped back does no harm.
 */
const TRASH_MARGIN = 24 * 3_600_000

/**
 * A confirmed document as this answer has made it so far: as it is stored, and taken apart
 * once a change of it comes.
 * @typedef {Key & { rec?: Rec, state?: State }} Item
 */

/** One answer and the transaction that it is written in. */
export class Intake {
  acknowledged = 0
  refused = 0
  /** Somebody else goes on under this replica id. */
  copied = false
  /** Unsent changes were made anew, or refused, as they were outdated. */
  remade = false
  /** All of them are ready to be sent. */
  sendAgain = false
  /** @type {Map<string, Item>} */
  #items = new Map()
  /** @type {Map<string, Key>} */
  #gone = new Map()
  /** @type {Set<string> | undefined} */
  #pending

  /**
   * @param {Database} db
   * @param {Tx} tx
   * @param {Me} me is changed
   * @param {Answer} answer
   */
  constructor (db, tx, me, answer) {
    this.db = db
    this.tx = tx
    this.me = me
    this.answer = answer
    this.types = new Map(db.types.map(type => [type.name, type]))
  }

  /**
   * Moves each answered change out of the queue: acknowledged ones to the confirmed document,
   * with the stamp that the log holds; refused ones to their list.
   * @param {Change[]} sent
   */
  async answers (sent) {
    const { tx, db, answer } = this
    const byN = new Map(sent.map(c => [c.n, c]))
    await this.#load(sent)
    for (const r of answer.results ?? []) {
      const c = byN.get(r.n)
      if (!c) continue
      await tx.deletePending(c.n)
      if (r.ok) {
        this.acknowledged++
        this.#apply({ ...c, stamp: r.stamp ?? c.stamp }, answer.now, db.who?.name, true)
      } else {
        this.refused++
        await refuse(tx, c, r.error, db.options.now())
      }
    }
  }

  /** Takes in what the log and the snapshot brought, and moves the cursor. */
  async pulled () {
    const { me, answer } = this
    for (const wire of answer.types) {
      if ((this.types.get(wire.name)?.version ?? 0) > wire.version) continue
      this.types.set(wire.name, new Type(wire, this.db.options.messages))
      await this.tx.putType(wire)
      me.typesAt++
    }
    if (answer.reset) {
      me.round++
      me.partial = true
      me.base ||= me.cursor
      me.emptied = answer.emptied
    }
    if (answer.sent !== undefined) me.progress = { received: answer.sent, total: answer.total }
    if (answer.outdated) {
      me.outdated = true
      me.note = answer.outdated.message
    }
    for (const wire of answer.documents) await this.#replace(wire)
    await this.#load(answer.changes)
    for (const [i, c] of answer.changes.entries()) {
      this.copied ||= c.replica === me.replica && c.n > me.n
      this.#apply(c, answer.at?.[i], answer.by?.[i])
    }
    for (const key of answer.forget) this.#gone.set(keyText(key), key)
    await this.#finish()
  }

  /**
   * Takes a whole document in, in the place of what is confirmed of it.
   * @param {DocumentWire} wire
   */
  async #replace (wire) {
    const { me, answer } = this
    const { type, id, deleted = false, created, createdBy, updated, updatedBy } = wire
    const rec = { id, value: JSON.stringify(wire.value), meta: bytes(wire.meta), deleted, round: me.round, touched: answer.now, created, createdBy, updated, updatedBy }
    if (me.outdated && (await this.#unsent()).has(keyText(wire))) await remake(this, wire, await this.confirmed(wire), decode(rec))
    this.#items.set(keyText(wire), { type, id, rec })
  }

  /** The documents that had pending changes when that was first asked. */
  async #unsent () {
    return (this.#pending ??= new Set((await this.tx.pendingOf()).map(p => keyText({ type: p.type, id: p.doc }))))
  }

  /**
   * Reads the documents that changes are for.
   * @param {Change[]} changes
   */
  async #load (changes) {
    /** @type {Map<string, Set<string>>} */
    const wanted = new Map()
    for (const { type, doc } of changes) {
      if (!this.#items.has(keyText({ type, id: doc }))) wanted.set(type, (wanted.get(type) ?? new Set()).add(doc))
    }
    for (const [type, ids] of wanted) {
      const found = await this.tx.documents(type, ids)
      for (const id of ids) this.#items.set(keyText({ type, id }), { type, id, rec: found.get(id) })
    }
  }

  /**
   * A confirmed document as this answer has made it so far.
   * @param {Key} key
   */
  async confirmed (key) {
    const item = this.#items.get(keyText(key))
    return item?.state ?? decode(item ? item.rec : await this.tx.document(key.type, key.id))
  }

  /**
   * Takes one accepted change into its confirmed document. An acknowledged one of our own
   * follows the last of ours that the document holds: the server says the same of it, and one
   * in between may have been refused.
   * @param {Change} c
   * @param {number} [at] when it was accepted, ms
   * @param {string} [by] who made it
   * @param {boolean} [own]
   */
  #apply (c, at = millis(c.stamp), by, own) {
    const { me, answer } = this
    const item = /** @type {Item} */ (this.#items.get(keyText({ type: c.type, id: c.doc })))
    item.state ??= decode(item.rec)
    item.state.apply(own ? follow(item.state, c) : c)
    const had = item.rec ?? { id: c.doc, created: at, createdBy: by }
    item.rec = { ...had, value: null, meta: null, deleted: false, round: me.round, touched: answer.now, updated: at, updatedBy: by ?? null }
    // The server has bounded the stamp; a device ahead of it must still come after.
    if (c.stamp > me.clock) me.clock = c.stamp
  }

  /** Writes the documents that moved. */
  async flush () {
    /** @type {Map<string, Rec[]>} */
    const byType = new Map()
    for (const { type, rec, state } of this.#items.values()) {
      if (state) Object.assign(/** @type {Rec} */ (rec), state.encode(), { deleted: state.deleted() })
      if (rec) add(byType, type, rec)
    }
    this.#items.clear()
    for (const [type, recs] of byType) await this.tx.bulkPut(type, recs)
  }

  /** Writes what came, ends a whole sync if this was its last page, and moves the cursor. */
  async #finish () {
    const { db, tx, me, answer } = this
    for (const key of this.#gone.keys()) this.#items.delete(key)
    await this.flush()
    await this.#delete(this.#gone.values())
    if (me.partial && !answer.more) {
      if (me.base) await this.#drop(rec => (rec.round ?? 0) < me.round)
      me.partial = false
      me.base = ''
    }
    if (me.outdated && !me.partial) await remakeAll(this)
    await this.#emptyTrash()
    me.cursor = answer.cursor
    if (this.copied) await rename(db, tx, me)
  }

  /** @param {Iterable<Key>} keys */
  async #delete (keys) {
    /** @type {Map<string, string[]>} */
    const byType = new Map()
    for (const { type, id } of keys) add(byType, type, id)
    for (const [type, ids] of byType) await this.tx.deleteDocuments(type, ids)
  }

  /** Drops what was in the trash for so long that the server has dropped it. Only who has heard all there is knows that nobody took it out. */
  async #emptyTrash () {
    const { me, answer } = this
    const { emptied = 0 } = answer
    if (answer.more || (me.emptied ?? 0) >= emptied) return
    me.emptied = emptied
    await this.#drop(rec => rec.deleted && (rec.touched ?? 0) <= emptied - TRASH_MARGIN, true)
  }

  /**
   * Takes confirmed documents away. Pending changes to them stay, to be answered.
   * @param {(rec: Rec) => boolean} which
   * @param {boolean} [idle] only of those that have no pending changes
   */
  async #drop (which, idle) {
    /** @type {Key[]} */
    const found = []
    const unsent = idle ? await this.#unsent() : new Set()
    await this.tx.eachDocument(undefined, (rec, type) => {
      const key = { type, id: rec.id }
      if (which(rec) && !unsent.has(keyText(key))) found.push(key)
    })
    await this.#delete(found)
  }
}

/** @param {Key} key */
const keyText = ({ type, id }) => type + '/' + id

/**
 * @template T
 * @param {Map<string, T[]>} lists
 * @param {string} key
 * @param {T} item
 */
function add (lists, key, item) {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
