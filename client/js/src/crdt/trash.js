// Edit beats delete, for a document as for a row of a list: a deletion covers what its author
// saw, the change it is in included, and what was written by a change that no deletion covers
// keeps it alive. Two vectors tell: cover is all that the deletions saw, edits is the last
// change of each replica that wrote something.

/**
 * How much of each replica: the n of its last change. Nobody changes one in place.
 * @typedef {ReadonlyMap<string, number>} Extent
 */

/**
 * Whether there was a deletion and it, or they, saw every edit.
 * @param {Extent} [cover]
 * @param {Extent} [edits]
 */
export function covered (cover, edits) {
  if (!cover) return false
  if (edits) for (const [replica, n] of edits) if (n > (cover.get(replica) ?? 0)) return false
  return true
}

/**
 * What is at least v and at least w everywhere.
 * @param {Extent | undefined} v
 * @param {Iterable<[string, number]>} [w]
 */
export function raise (v, w = []) {
  for (const [replica, n] of w) v = raiseTo(v, replica, n)
  return v
}

/**
 * What is at least v, and at least n for one replica. A zero says nothing and is never kept, so
 * that equal vectors look alike.
 * @param {Extent | undefined} v
 * @param {string} replica
 * @param {number} n
 */
export const raiseTo = (v, replica, n) => n > (v?.get(replica) ?? 0) ? new Map(v).set(replica, n) : v
