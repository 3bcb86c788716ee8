// A new replica id: when this store turns out to be a copy of another, or was restored, its
// numbers are used by somebody else.

/** @import { Change, Op } from '../crdt/change.js' */
/** @import { Vector } from '../crdt/stamp.js' */
/** @import { Pending, Tx } from '../store/tx.js' */
/** @import { Database, Me } from './device.js' */

import { makes } from '../crdt/change.js'
import { compareDots, dotText, parseDot, parseSpan } from '../crdt/stamp.js'
import { freshReplica } from './session.js'
import { decode } from './view.js'

/**
 * Takes a new id, unless that was done already.
 * @param {Database} db
 * @param {string} old
 */
export const takeNewReplica = (db, old) => db.write(async (tx, me) => {
  if (me.replica === old) await rename(db, tx, me)
})

/**
 * Gives the store a new id. The pending changes are written anew under it, numbered from 1;
 * elements that they made take the new name, whatever else they mention keeps its own.
 * @param {Database} db
 * @param {Tx} tx
 * @param {Me} me
 */
export async function rename (db, tx, me) {
  const old = me.replica
  const pending = /** @type {(Pending & { change: Change })[]} */ (await tx.pendingOf())
  me.replica = freshReplica(db)
  db.seen.clear()
  me.n = pending.length
  /** @type {Map<string, Group>} */
  const groups = new Map()
  for (const { n, type, doc, change } of pending) {
    await tx.deletePending(n)
    let group = groups.get(type + '/' + doc)
    if (!group) {
      // How far the server had acknowledged the old replica's changes before the oldest of
      // pending: later numbers are somebody else's.
      const seen = decode(await tx.document(type, doc)).seen()[old] ?? 0
      groups.set(type + '/' + doc, group = { made: new Set(), known: Math.min(seen, pending[0].n - 1), last: 0 })
    }
    for (const op of change.ops) {
      for (let i = 0; i < makes(op); i++) group.made.add(/** @type {{ id: number }} */ (op).id + i)
    }
  }
  for (const [i, p] of pending.entries()) {
    const group = /** @type {Group} */ (groups.get(p.type + '/' + p.doc))
    const change = renamed(p.change, me.replica, seq => group.made.has(seq))
    change.n = i + 1
    delete change.prev
    if (group.last) change.prev = group.last
    change.ops.forEach(op => resaw(op, change, old, group.known))
    group.last = change.n
    await tx.addPending({ ...p, n: change.n, change })
  }
}

/**
 * The pending changes to one document: the elements that they make, how much of the old
 * replica was known, the new number of the last.
 * @typedef {{ made: Set<number>, known: number, last: number }} Group
 */

/**
 * The change as another replica made it: elements whose numbers are own get the new name.
 * @param {Change} c
 * @param {string} to
 * @param {(seq: number) => boolean} own
 * @returns {Change}
 */
function renamed (c, to, own) {
  /** @param {string} text */
  const dot = text => {
    const at = parseDot(text)
    return at?.replica === c.replica && own(at.seq) ? dotText(to, at.seq) : text
  }
  const ops = c.ops.map(op => {
    const next = /** @type {any} */ ({ ...op })
    for (const key of ['after', 'before', 'row']) if (next[key]) next[key] = dot(next[key])
    if (next.path) next.path = next.path.map(dot)
    if (next.over) next.over = next.over.map(dot).sort(compareDots)
    if (next.spans) next.spans = next.spans.flatMap((/** @type {string} */ s) => spans(s, own, dot))
    return next
  })
  return { ...c, replica: to, ops }
}

/**
 * A span with its elements renamed, cut where some are and others not.
 * @param {string} text
 * @param {(seq: number) => boolean} own
 * @param {(dot: string) => string} dot
 */
function spans (text, own, dot) {
  const { replica, seq, length } = /** @type {NonNullable<ReturnType<typeof parseSpan>>} */ (parseSpan(text))
  const end = seq + length
  const parts = []
  for (let from = seq, at = seq + 1; at <= end; at++) {
    if (at < end && own(at) === own(from)) continue
    parts.push(dot(dotText(replica, from)) + '+' + (at - from))
    from = at
  }
  return parts
}

/**
 * Mends what a deletion says its author saw: of the old replica only what is known, of the new
 * one the change before.
 * @param {Op} op made for this
 * @param {Change} change
 * @param {string} old
 * @param {number} known
 */
function resaw (op, change, old, known) {
  if (!('saw' in op)) return
  /** @type {Vector} */
  const saw = { ...op.saw }
  saw[old] = Math.min(saw[old] ?? 0, known)
  if (!saw[old]) delete saw[old]
  if (change.prev) saw[change.replica] = change.prev
  op.saw = saw
}
