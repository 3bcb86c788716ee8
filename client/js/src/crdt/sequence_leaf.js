// The leaves of a sequence: stretches of its runs, each with what is visible in it. A leaf
// splits when it is full; it is not refilled when it is half empty, since runs rarely become
// fewer.

/** @import { Place, Sequence } from './sequence.js' */
/** @import { Run } from './run.js' */

import { isPair } from './value.js'
import { setExtent } from './sequence_index.js'
import { joins, part, shown } from './run.js'

const LEAF_RUNS = 64
const LEAF_SHOWN = 1024

/**
 * at: which of the leaves it is; shown: how many elements in it are visible; text: what they
 * show, in order, '' if they show nothing.
 * @typedef {{ at: number, runs: Run[], shown: number, text: string }} Leaf
 */

/**
 * @param {Run[]} runs taken over
 * @returns {Leaf}
 */
export const newLeaf = (runs = [], text = '') => ({ at: 0, runs, shown: runs.reduce((n, r) => n + shown(r), 0), text })

/** @param {Leaf} leaf */
export const cloneLeaf = leaf => ({ ...leaf, runs: leaf.runs.map(r => ({ ...r })) })

/**
 * Spreads runs over leaves that are not quite full; at least one. Nothing of runs is kept.
 * @param {Run[]} runs
 */
export function grow (runs) {
  const room = LEAF_SHOWN * 3 / 4
  let leaf = newLeaf()
  const leaves = [leaf]
  for (let r of runs) {
    do {
      const piece = part(r, 0, r.deleted ? r.n : Math.min(r.n, room))
      if (leaf.runs.length && (leaf.runs.length >= LEAF_RUNS * 3 / 4 || leaf.shown + shown(piece) > room)) {
        leaf = newLeaf()
        leaf.at = leaves.push(leaf) - 1
      }
      leaf.runs.push(piece)
      leaf.shown += shown(piece)
      r = part(r, piece.n, r.n - piece.n)
    } while (r.n)
  }
  return leaves
}

/**
 * Splits a leaf until none of its parts is too full.
 * @param {Sequence} s
 * @param {Leaf} leaf
 */
export function relieve (s, leaf) {
  while (leaf.runs.length > LEAF_RUNS || leaf.shown > LEAF_SHOWN) {
    const right = halve(leaf)
    const leaves = s.tree()
    leaves.splice(leaf.at + 1, 0, right)
    for (let i = leaf.at + 1; i < leaves.length; i++) leaves[i].at = i
    if (s.index) for (const r of right.runs) setExtent(s.index, r, right)
    relieve(s, right)
  }
}

/**
 * Moves the second half of a leaf, by runs or by what is visible, into a new one.
 * @param {Leaf} leaf
 */
function halve (leaf) {
  let i = leaf.runs.length >> 1
  if (leaf.shown > LEAF_SHOWN) {
    let rest = leaf.shown >> 1
    for (i = 0; rest >= shown(leaf.runs[i]); i++) rest -= shown(leaf.runs[i])
    if (rest) {
      const r = leaf.runs[i]
      leaf.runs.splice(i++, 1, part(r, 0, rest), part(r, rest, r.n - rest))
    }
  }
  const right = newLeaf(leaf.runs.splice(i))
  const cut = unitOf(leaf, leaf.shown - right.shown)
  right.text = leaf.text.slice(cut)
  leaf.text = leaf.text.slice(0, cut)
  leaf.shown -= right.shown
  return right
}

/**
 * Makes the i-th run and the one behind it one, if they are.
 * @param {Leaf} leaf
 * @param {number} i
 */
export function join (leaf, i) {
  const { runs } = leaf
  if (i >= 0 && i + 1 < runs.length && joins(runs[i], runs[i + 1])) {
    runs[i].n += runs[i + 1].n
    runs.splice(i + 1, 1)
  }
}

/**
 * Where in the text of a leaf the visible element begins that has so many before it.
 * @param {Leaf} leaf
 * @param {number} before
 */
export const unitOf = ({ text, shown }, before) => text.length === shown ? before : unitAt(text, before)

/**
 * Where in a text the code point begins that has so many before it.
 * @param {string} text
 * @param {number} points
 */
export function unitAt (text, points) {
  let at = 0
  for (; points > 0 && at < text.length; points--) at += isPair(text, at + 1) ? 2 : 1
  return at
}

/**
 * How many elements of the leaf are visible before a place in it.
 * @param {Place} p
 */
export function shownBefore ({ leaf, run, offset }) {
  let n = 0
  for (let i = 0; i < run; i++) n += shown(leaf.runs[i])
  return run < leaf.runs.length && !leaf.runs[run].deleted ? n + offset : n
}
