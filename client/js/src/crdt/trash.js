// Edit beats delete, for a document as for a row of a list: a deletion covers what its author
// saw, the change it is in included, and what was written by a change that no deletion covers
// keeps it alive. Two vectors tell: cover is all that the deletions saw, edits is the last
// change of each replica that wrote something.

/**
 * How much of each replica: the n of its last change.
 * @typedef {Map<string, number>} Extent
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
 * Makes v at least w everywhere, and gives it.
 * @param {Extent | undefined} v
 * @param {Iterable<[string, number]>} [w]
 */
export function raise (v, w = []) {
  for (const [replica, n] of w) v = raiseTo(v, replica, n)
  return v
}

/**
 * Makes v at least n for one replica, and gives it. A zero says nothing and is never kept, so
 * that equal vectors look alike.
 * @param {Extent | undefined} v
 * @param {string} replica
 * @param {number} n
 */
export function raiseTo (v, replica, n) {
  if (n > (v?.get(replica) ?? 0)) v = (v ?? new Map()).set(replica, n)
  return v
}

/**
 * A copy of a vector.
 * @param {Extent} [v]
 */
export const copy = v => v && new Map(v)
