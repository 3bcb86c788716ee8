// The order is that of FugueMax: Weidner and Kleppmann, "The Art of the Fugue: Minimizing
// Interleaving in Collaborative Text Editing" (arXiv:2305.00583).
//
// The elements are the nodes of a tree that is read in order: left children, node, right
// children. An element that was put between a and b is a left child of b if b's own left origin
// is a, otherwise a right child of a. Left siblings stand in the order of their dots; right
// siblings in the opposite order of their right origins, then of their dots.
//
// No such tree is kept: the reading order and the two origins of each run are enough. An
// element whose left origin is a is a head of a. What stands under a on its right is, without
// gaps, one group after the other of a head and what stands under that head on its right; for a
// left child of a head is a head too.
//
// Most often what stood before the new elements when they were typed is directly behind what
// they were typed after, still: then they go between the two.

/** @import { Leaf } from './sequence_leaf.js' */
/** @import { Place, Sequence } from './sequence.js' */
/** @import { Run } from './run.js' */

import { setExtent } from './sequence_index.js'
import { join, relieve, shownBefore, unitOf } from './sequence_leaf.js'
import { dotAt, dotOf, joins, newRun, part, same } from './run.js'
import { comparePlaces, leftOf, runAt } from './sequence.js'

/**
 * Puts n new elements, numbered from id on, where a person put them who saw before directly
 * behind after. Both must be here; without, it is the end or the start.
 * @param {Sequence} s
 * @param {{ replica: string }} by
 * @param {{ id: number, after?: string, before?: string }} op
 * @param {number} n
 * @param {string} text what they show, '' if the sequence has no content
 */
export function insert (s, { replica }, { id, after, before }, n, text = '') {
  put(s, newRun({ replica, seq: id }, n, after ? dotOf(after) : undefined, before ? dotOf(before) : undefined), text)
}

/**
 * insert of a run, which is taken over and may be removed already.
 * @param {Sequence} s
 * @param {Run} r
 * @param {string} text
 */
export function put (s, r, text) {
  s.edit()
  const p = s.behind(r.after)
  if (same(s.element(p), r.before)) return putAt(s, p, r, text)
  const from = split(s, p)
  const edge = s.element(from)
  putAt(s, integrate(s, from, r), r, text)
  if (edge) {
    const { leaf, run, offset } = s.mustFind(edge)
    if (!offset) join(leaf, run - 1) // it was split off, and nothing came between
  }
}

/**
 * Puts a run at a place, where its origins allow it to be.
 * @param {Sequence} s
 * @param {Place} p
 * @param {Run} r
 * @param {string} text
 */
function putAt (s, p, r, text) {
  const { leaf } = p
  if (!r.deleted) {
    if (text) {
      const at = unitOf(leaf, shownBefore(p))
      leaf.text = leaf.text.slice(0, at) + text + leaf.text.slice(at)
    }
    leaf.shown += r.n
    s.size += r.n
  }
  if (s.index) setExtent(s.index, r, leaf)
  insertRun(leaf, p, r)
  relieve(s, leaf)
}

/**
 * Puts a run among those of a leaf.
 * @param {Leaf} leaf
 * @param {Place} p
 * @param {Run} r
 */
function insertRun ({ runs }, p, r) {
  let i = p.run
  const at = runs[i]
  if (at && p.offset === at.n && joins(at, r)) at.n += r.n
  else if (at && p.offset > 0 && p.offset < at.n) {
    runs.splice(i + 1, 0, r, part(at, p.offset, at.n - p.offset))
    at.n = p.offset
    return
  } else {
    if (at && p.offset) i++
    runs.splice(i, 0, r)
  }
  join(p.leaf, i)
  join(p.leaf, i - 1)
}

/**
 * Makes a run begin at a place, and gives the place as the beginning of that run.
 * @param {Sequence} s
 * @param {Place} p
 */
function split (s, p) {
  const { runs } = p.leaf
  if (!runs.length) return undefined
  const r = runs[p.run]
  if (p.offset === r.n) return s.nextRun(p)
  if (!p.offset) return p
  runs.splice(p.run + 1, 0, part(r, p.offset, r.n - p.offset))
  r.n = p.offset
  return { leaf: p.leaf, run: p.run + 1, offset: 0 }
}

/**
 * Finds where r goes among what others put behind r.after, which is just in front of from.
 * @param {Sequence} s
 * @param {Place | undefined} from
 * @param {Run} r
 */
function integrate (s, from, r) {
  const right = r.before && s.mustFind(r.before)
  const n = { s, run: r, right, leftChild: isLeftChild(s, r) }
  let goes = from
  let waiting = false // for the head that the heads since then stand under
  let last = r.after // the element in front of j
  for (let j = from; ; j = s.nextRun(j)) {
    if (!waiting) goes = j
    if (!j || (n.leftChild && comparePlaces(j, right) === 0)) break
    const h = runAt(j)
    if (same(h.after, r.after)) {
      const order = compare(n, h)
      if (order > 0) break
      waiting = order === 0
    } else if (!h.after || !(same(h.after, last) || comparePlaces(s.mustFind(h.after), from) >= 0)) break
    last = dotAt(h, h.n - 1)
  }
  return goes ?? s.end()
}

/**
 * A run that is to be put among others with the same left origin; right is where its right
 * origin stands.
 * @typedef {{ s: Sequence, run: Run, right: Place | undefined, leftChild: boolean }} Newcomer
 */

/**
 * Says where the head h stands to the newcomer, whose left origin is the same: negative, before
 * it, with its group; positive, behind it, with all that stands under it; 0, on the side where
 * the head further on is that it stands under.
 * @param {Newcomer} n
 * @param {Run} h
 */
function compare ({ s, run, right, leftChild }, h) {
  let order = 0
  let sibling = true // with the same origins
  if (!same(h.before, run.before)) {
    order = comparePlaces(h.before && s.mustFind(h.before), right)
    sibling = isLeftChild(s, h) === leftChild
  }
  if (leftChild ? sibling && order < 0 : !sibling) return 0
  if (leftChild && !sibling) return -1
  return -order || (isLess(h, run) ? -1 : 1)
}

/**
 * Whether the first element of a comes before that of b in the order of their names.
 * @param {Run} a
 * @param {Run} b
 */
const isLess = (a, b) => a.replica === b.replica ? a.seq < b.seq : a.replica < b.replica

/**
 * Whether the first element of r is a left child.
 * @param {Sequence} s
 * @param {Run} r
 */
function isLeftChild (s, r) {
  if (!r.before) return false
  const p = s.mustFind(r.before)
  return same(p.offset ? leftOf(p) : runAt(p).after, r.after)
}
