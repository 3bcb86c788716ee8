// What the person sees: the confirmed document with this device's pending changes on top.

/** @import { Change } from '../crdt/change.js' */
/** @import { Rec } from '../store/page.js' */

import { Document as State } from '../crdt/document.js'

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
