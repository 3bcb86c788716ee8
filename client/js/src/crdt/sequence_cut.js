// Removing elements of a sequence.

/** @import { Dot } from './stamp.js' */
/** @import { Leaf } from './sequence_leaf.js' */
/** @import { Sequence } from './sequence.js' */
/** @import { Stretch } from './run.js' */

import { join, relieve, shownBefore, unitOf } from './sequence_leaf.js'
import { part } from './run.js'

/**
 * Removes elements; those that are not here or removed already are skipped.
 * @param {Sequence} s
 * @param {Stretch[]} spans
 */
export function cut (s, spans) {
  s.edit()
  for (const q of spans) {
    for (let from = q; from.n > 0;) {
      const { leaf, next } = s.extentAt(from)
      const end = from.seq + from.n
      const to = Math.min(next, end)
      if (leaf) cutIn(s, leaf, from, to)
      from = { replica: q.replica, seq: to, n: end - to }
    }
  }
}

/**
 * Removes the elements from one on to before a number of the same replica that are in a leaf.
 * @param {Sequence} s
 * @param {Leaf} leaf
 * @param {Dot} from
 * @param {number} to
 */
function cutIn (s, leaf, { replica, seq }, to) {
  const before = leaf.shown
  for (let i = 0; i < leaf.runs.length; i++) {
    const r = leaf.runs[i]
    if (r.deleted || r.replica !== replica || r.seq + r.n <= seq || r.seq >= to) continue
    i = strike(leaf, i, Math.max(seq - r.seq, 0), Math.min(to - r.seq, r.n))
  }
  if (leaf.shown === before) return
  s.size -= before - leaf.shown
  relieve(s, leaf)
}

/**
 * Removes some elements of the i-th run, all visible, and gives the index of a run behind
 * which to go on.
 * @param {Leaf} leaf
 * @param {number} i
 * @param {number} from
 * @param {number} to
 */
function strike (leaf, i, from, to) {
  const r = leaf.runs[i]
  if (leaf.text) {
    const before = shownBefore({ leaf, run: i, offset: from })
    leaf.text = leaf.text.slice(0, unitOf(leaf, before)) + leaf.text.slice(unitOf(leaf, before + to - from))
  }
  leaf.shown -= to - from
  const parts = [part(r, from, to - from, true)]
  if (from) parts.unshift(part(r, 0, from))
  if (to < r.n) parts.push(part(r, to, r.n - to))
  leaf.runs.splice(i, 1, ...parts)
  if (from) i++
  join(leaf, i)
  join(leaf, i - 1)
  return i - 1
}
