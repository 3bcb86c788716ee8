// An answer on its way into the store.

/** @import { Change } from '../crdt/change.js' */
/** @import { Document as State } from '../crdt/document.js' */
/** @import { Rec } from '../store/page.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */
/** @import { Report } from './sync.js' */
/** @import { Answer, DocumentWire, Key } from './wire.js' */

import { millis } from '../crdt/stamp.js'
import { sinceNow } from './collection.js'
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
 * A confirmed document as this answer has made it so far: as it is stored, and taken apart once
 * a change of it comes; or that it leaves.
 * @typedef {{ rec?: Rec, state?: State, gone?: boolean }} Item
 */

/** One answer and the transaction that it is written in. */
export class Intake {
  /** Somebody else goes on under this replica id. */
  copied = false
  /** Unsent changes were made anew, or refused, as they were outdated. */
  remade = false
  /** All of them are ready to be sent. */
  sendAgain = false
  /** By type and id; undefined: wanted. @type {Map<string, Map<string, Item | undefined>>} */
  #items = new Map()

  /**
   * @param {Database} db
   * @param {Tx} tx
   * @param {Me} me is changed
   * @param {Answer} answer
   * @param {Report} report is added to
   */
  constructor (db, tx, me, answer, report) {
    this.db = db
    this.tx = tx
    this.me = me
    this.answer = answer
    this.report = report
    this.types = new Map(db.types.map(type => [type.name, type]))
  }

  /** @param {string} type */
  #of (type) {
    let items = this.#items.get(type)
    if (!items) this.#items.set(type, items = new Map())
    return items
  }

  /**
   * Moves each answered change out of the queue: acknowledged ones to the confirmed document,
   * with the stamp that the log holds; refused ones to their list.
   * @param {Change[]} sent
   */
  async answers (sent) {
    const { tx, db, answer, report } = this
    await this.#load(sent)
    for (const { n, ok, stamp, error } of answer.results ?? []) {
      const c = sent.find(c => c.n === n)
      if (!c) continue
      await tx.deletePending(n)
      if (ok) {
        report.acknowledged++
        this.#apply({ ...c, stamp: stamp ?? c.stamp }, answer.now, db.who?.name, true)
      } else {
        report.refused++
        await refuse(tx, c, error, db.options.now())
      }
    }
  }

  /** Takes in what the log and the snapshot brought, and moves the cursor. */
  async pulled () {
    const { db, tx, me, answer, types, report } = this
    const { reset, sent, total, outdated, emptied, documents, changes, forget } = answer
    report.received += documents.length + changes.length + forget.length
    for (const wire of answer.types) {
      if ((types.get(wire.name)?.version ?? 0) > wire.version) continue
      types.set(wire.name, new Type(wire, db.options.messages))
      await tx.putType(wire)
      me.typesAt++
    }
    if (reset) {
      me.round++
      Object.assign(me, { partial: true, base: sinceNow(me), emptied })
    }
    if (sent !== undefined) me.progress = { received: sent, total }
    if (outdated) {
      me.outdated = true
      me.note = report.note = outdated.message
    }
    const unsent = new Set(me.outdated ? (await tx.pendingOf()).map(p => p.type + p.doc) : [])
    for (const wire of documents) {
      const { type, id } = wire
      const rec = this.#record(wire)
      if (unsent.has(type + id)) await remake(this, wire, await this.confirmed(wire), decode(rec))
      this.#of(type).set(id, { rec })
    }
    await this.#load(changes)
    for (const [i, c] of changes.entries()) {
      this.copied ||= c.replica === me.replica && c.n > me.n
      this.#apply(c, answer.at?.[i], answer.by?.[i])
    }
    for (const { type, id } of forget) this.#of(type).set(id, { gone: true })
    await this.#finish()
  }

  /**
   * A whole document as it is stored.
   * @param {DocumentWire} wire
   * @returns {Rec}
   */
  #record ({ id, value, meta, deleted = false, created, createdBy, updated, updatedBy }) {
    return { id, value: JSON.stringify(value), meta: bytes(meta), deleted, round: this.me.round, touched: this.answer.now, created, createdBy, updated, updatedBy }
  }

  /**
   * Reads the documents that changes are for.
   * @param {Change[]} changes
   */
  async #load (changes) {
    for (const { type, doc } of changes) this.#of(type).set(doc, this.#of(type).get(doc))
    for (const [type, items] of this.#items) {
      const wanted = [...items.keys()].filter(id => !items.get(id))
      const found = await this.tx.documents(type, wanted)
      for (const id of wanted) items.set(id, { rec: found.get(id) })
    }
  }

  /**
   * A confirmed document as this answer has made it so far.
   * @param {Key} key
   */
  async confirmed ({ type, id }) {
    const item = this.#of(type).get(id) ?? { rec: await this.tx.document(type, id) }
    return item.state ?? decode(item.rec)
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
    const item = /** @type {Item} */ (this.#of(c.type).get(c.doc))
    item.state ??= decode(item.rec)
    item.state.apply(own ? follow(item.state, c) : c)
    const had = item.rec ?? { id: c.doc, created: at, createdBy: by }
    item.rec = { ...had, value: null, meta: null, deleted: false, round: me.round, touched: answer.now, updated: at, updatedBy: by ?? null }
    // The server has bounded the stamp; a device ahead of it must still come after.
    if (c.stamp > me.clock) me.clock = c.stamp
  }

  /** Writes the documents that moved. */
  async flush () {
    for (const [type, items] of this.#items) {
      /** @type {Rec[]} */
      const recs = []
      const gone = []
      for (const [id, item] of items) {
        const { rec, state } = item ?? {}
        if (item?.gone) gone.push(id)
        else if (rec) recs.push(state ? Object.assign(rec, state.encode(), { deleted: state.deleted() }) : rec)
      }
      await this.tx.bulkPut(type, recs)
      await this.tx.deleteDocuments(type, gone)
    }
    this.#items.clear()
  }

  /** Writes what came, ends a whole sync if this was its last page, and moves the cursor. */
  async #finish () {
    const { db, tx, me, answer } = this
    await this.flush()
    if (me.partial && !answer.more) {
      if (me.base) await this.#drop(rec => (rec.round ?? 0) < me.round)
      me.partial = false
      me.base = ''
    }
    if (me.outdated && !me.partial) await remakeAll(this)
    const { emptied = 0 } = answer
    if (!answer.more && (me.emptied ?? 0) < emptied) {
      // Only who has heard all there is knows that nobody took it out of the trash.
      me.emptied = emptied
      await this.#drop(rec => rec.deleted && (rec.touched ?? 0) <= emptied - TRASH_MARGIN)
    }
    me.cursor = answer.cursor
    if (this.copied) {
      this.report.newReplica = true
      await rename(db, tx, me)
    }
  }

  /**
   * Takes confirmed documents away. Pending changes to them stay, to be answered.
   * @param {(rec: Rec) => boolean} which
   */
  async #drop (which) {
    await this.tx.eachDocument(undefined, (rec, type) => {
      if (which(rec)) this.#of(type).set(rec.id, { gone: true })
    })
    await this.flush()
  }
}
