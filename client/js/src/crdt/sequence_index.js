// The index leads from an element to the leaf it is in. Elements of one replica that were made
// one after the other are mostly in one leaf, whatever became of their runs, so it keeps, for
// each replica, from which number on the elements are in which leaf. It says nothing about
// elements that are not in the sequence.

/** @import { Leaf } from './sequence_leaf.js' */
/** @import { Run } from './run.js' */

import { firstNot } from './search.js'

/**
 * The elements from a number on, up to the next extent, are in a leaf.
 * @typedef {{ from: number, leaf: Leaf }} Extent
 */

/**
 * By replica its extents, ascending.
 * @typedef {Map<string, Extent[]>} Index
 */

/**
 * @param {Leaf[]} leaves
 * @returns {Index}
 */
export function newIndex (leaves) {
  /** @type {Index} */
  const index = new Map()
  for (const leaf of leaves) for (const r of leaf.runs) extentsOf(index, r.replica).push({ from: r.seq, leaf })
  for (const [replica, extents] of index) {
    extents.sort((a, b) => a.from - b.from)
    index.set(replica, extents.filter((e, i) => !i || extents[i - 1].leaf !== e.leaf))
  }
  return index
}

/**
 * @param {Index} index
 * @param {string} replica
 */
function extentsOf (index, replica) {
  let extents = index.get(replica)
  if (!extents) index.set(replica, extents = [])
  return extents
}

/**
 * The index of the first extent that begins behind seq.
 * @param {Extent[]} extents
 * @param {number} seq
 */
export const search = (extents, seq) => firstNot(extents.length, i => extents[i].from <= seq)

/**
 * Notes that the elements of a run are in the leaf.
 * @param {Index} index
 * @param {Run} r
 * @param {Leaf} leaf
 */
export function setExtent (index, r, leaf) {
  const extents = extentsOf(index, r.replica)
  const to = r.seq + r.n
  const i = search(extents, r.seq - 1)
  const k = search(extents, to - 1)
  const behind = extents[k - 1]?.leaf // what has the element at to, unless one begins there
  const known = extents[i - 1]?.leaf === leaf
  if (known && i === k) return
  const news = known ? [] : [{ from: r.seq, leaf }]
  if (behind && behind !== leaf && extents[k]?.from !== to) news.push({ from: to, leaf: behind })
  extents.splice(i, k - i, ...news)
}
