// What the person sees: the confirmed document with this device's pending changes on top.

/** @import { Change } from '../crdt/change.js' */
/** @import { Rec } from '../store/page.js' */
/** @import { Viewer } from '../store/row.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */

import { Document as State } from '../crdt/document.js'
import { millis } from '../crdt/stamp.js'

/**
 * A confirmed document as it is stored, a new one where there is none.
 * @param {Rec | undefined} rec
 */
export const decode = rec => rec?.meta ? State.decode(/** @type {string} */ (rec.value), rec.meta) : new State()

/**
 * A confirmed document with the pending changes applied.
 * @param {Rec | undefined} rec
 * @param {Change[]} changes in order
 */
export function see (rec, changes) {
  const doc = decode(rec)
  for (const c of changes) applyPending(doc, c)
  return doc
}

/**
 * A document with pending changes as this tab has just made it, so that the next edit of it need
 * not read and replay them all.
 * @typedef {object} Seen
 * @property {Rec | undefined} rec what is confirmed
 * @property {Change} [last] of the pending changes
 * @property {State} doc both; not to be changed
 */

/** So many are kept. */
const MOST_SEEN = 50

/**
 * A document as the person sees it.
 * @param {Database} db
 * @param {Tx} tx
 * @param {Me} me
 * @param {string} type
 * @param {string} id
 * @returns {Promise<Seen>}
 */
export async function view (db, tx, me, type, id) {
  if (me.at !== db.seenAt) db.seen.clear() // another tab has written, or an answer came
  db.seenAt = me.at
  const had = db.seen.get(type + '/' + id)
  if (had) return had
  const rec = await tx.document(type, id)
  return { rec, doc: see(rec, (await tx.pendingOf(type, id)).map(p => /** @type {any} */ (p.change))) }
}

/**
 * Keeps what a new pending change makes of a document.
 * @param {Database} db
 * @param {Seen} seen
 * @param {Change} last
 */
export function keep (db, { rec, doc }, last) {
  const next = doc.clone()
  applyPending(next, last)
  if (db.seen.size >= MOST_SEEN) db.seen.clear()
  db.seen.set(last.type + '/' + last.doc, { rec, last, doc: next })
}

/**
 * Makes what tables show of a document with pending changes.
 * @param {Database} db
 * @returns {Viewer}
 */
export const viewer = db => (rec, pending) => {
  const changes = /** @type {Change[]} */ (pending)
  const last = changes[changes.length - 1]
  const seen = db.seen.get(last.type + '/' + last.doc)
  const same = seen && seen.last?.n === last.n && seen.last.replica === last.replica &&
    seen.rec?.touched === rec?.touched && seen.rec?.value === rec?.value
  const doc = same ? seen.doc : see(rec, changes)
  const by = db.who?.name ?? null
  return {
    value: doc.value(),
    deleted: doc.deleted(),
    exists: doc.exists(),
    ...(rec ? undefined : { created: millis(changes[0].stamp), createdBy: by }),
    updated: millis(last.stamp),
    updatedBy: by
  }
}

/**
 * Shows a pending change on a document. Its place in the row of this replica's changes is taken
 * to be next, as the server will take it: the one before it may have been refused. One that
 * cannot apply (it leans on a refused one) does not show; the server will say so of it.
 * @param {State} doc
 * @param {Change} c
 */
export function applyPending (doc, c) {
  const next = follow(doc, c)
  if (doc.missing(next)) return
  try {
    doc.apply(next)
  } catch {} // which leaves the document as it was
}

/**
 * The change with prev set to the last change of its replica that doc holds.
 * @param {State} doc
 * @param {Change} c
 * @returns {Change}
 */
export function follow (doc, c) {
  const seen = doc.seen()[c.replica] ?? 0
  if (seen >= c.n) return c
  const { prev, ...rest } = c
  return seen ? { ...rest, prev: seen } : rest
}
