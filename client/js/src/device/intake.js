// An answer on its way into the store.

/** @import { Change } from '../crdt/change.js' */
/** @import { Document as State } from '../crdt/document.js' */
/** @import { Rec } from '../store/page.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */
/** @import { LocalType } from './types.js' */
/** @import { Answer, DocumentWire, Key } from './wire.js' */

import { millis } from '../crdt/stamp.js'
import { rename } from './fork.js'
import { remake, remakeAll } from './outdated.js'
import { refuse } from './refused.js'
import { LocalType as Local } from './types.js'
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
    /** @type {Map<string, LocalType>} */
    this.types = new Map(db.local)
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
        this.#apply({ ...c, stamp: r.stamp ?? c.stamp }, db.who?.name, true)
      } else {
        this.refused++
        await refuse(tx, c, r.error, db.now())
      }
    }
  }

  /** Takes in what the log and the snapshot brought, and moves the cursor. */
  async pulled () {
    const { me, answer } = this
    for (const wire of answer.types) {
      if ((this.types.get(wire.name)?.told.version ?? 0) > wire.version) continue
      this.types.set(wire.name, new Local(wire, this.db.options.messages))
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
    const replica = me.replica.match(/../g)?.map(pair => parseInt(pair, 16)) ?? []
    for (const wire of answer.documents) await this.#replace(wire, replica)
    await this.#load(answer.changes)
    for (const [i, c] of answer.changes.entries()) {
      this.copied ||= c.replica === me.replica && c.n > me.n
      this.#apply(c, answer.by?.[i])
    }
    for (const key of answer.forget) this.#gone.set(keyText(key), key)
    await this.#finish()
  }

  /**
   * Takes a whole document in, in the place of what is confirmed of it.
   * @param {DocumentWire} wire
   * @param {number[]} replica this one, as bytes
   */
  async #replace (wire, replica) {
    const { me, answer } = this
    const { type, id, deleted = false, created, createdBy, updated, updatedBy } = wire
    const meta = bytes(wire.meta)
    const rec = { id, value: JSON.stringify(wire.value), meta, deleted, round: me.round, touched: answer.now, created, createdBy, updated, updatedBy }
    if (me.n && !this.copied && mentions(meta, replica)) this.copied = (decode(rec).seen()[me.replica] ?? 0) > me.n
    if (me.outdated && await this.isPending(wire)) await remake(this, wire, await this.confirmed(wire), decode(rec))
    this.#items.set(keyText(wire), { type, id, rec })
  }

  /**
   * Whether a document had pending changes when that was first asked.
   * @param {Key} key
   */
  async isPending (key) {
    this.#pending ??= new Set((await this.tx.pendingOf()).map(p => keyText({ type: p.type, id: p.doc })))
    return this.#pending.has(keyText(key))
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
   * @param {string} [by] who made it
   * @param {boolean} [own]
   */
  #apply (c, by, own) {
    const { me, answer } = this
    const item = /** @type {Item} */ (this.#items.get(keyText({ type: c.type, id: c.doc })))
    item.state ??= decode(item.rec)
    item.state.apply(own ? follow(item.state, c) : c)
    const at = millis(c.stamp)
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
      if (!rec) continue
      const recs = byType.get(type)
      if (recs) recs.push(rec)
      else byType.set(type, [rec])
    }
    this.#items.clear()
    for (const [type, recs] of byType) await this.tx.bulkPut(type, recs)
  }

  /** Writes what came, ends a whole sync if this was its last page, and moves the cursor. */
  async #finish () {
    const { db, tx, me, answer } = this
    for (const key of this.#gone.keys()) this.#items.delete(key)
    await this.flush()
    for (const { type, id } of this.#gone.values()) await tx.deleteDocument(type, id)
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
    await this.tx.eachDocument(undefined, (rec, type) => {
      if (which(rec)) found.push({ type, id: rec.id })
    })
    this.#pending = undefined
    for (const { type, id } of found) {
      if (!idle || !await this.isPending({ type, id })) await this.tx.deleteDocument(type, id)
    }
  }
}

/** @param {Key} key */
const keyText = ({ type, id }) => type + '/' + id

/**
 * Whether a replica may be in a meta, without reading it.
 * @param {Uint8Array} meta
 * @param {number[]} replica
 */
function mentions (meta, replica) {
  for (let at = meta.indexOf(replica[0]); at >= 0; at = meta.indexOf(replica[0], at + 1)) {
    if (replica.every((b, i) => meta[at + i] === b)) return true
  }
  return false
}
