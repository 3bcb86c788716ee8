// The order of elements that several replicas put next to each other: the code points of a
// text, the places of a list. Removed elements stay as tombstones, because others may point at
// them. Beside the order it may hold what the visible elements show, one code point each (see
// fill); a list holds nothing.
//
// As it is read it is a table of runs (sequence_origins.js). What looks for elements or changes
// something spreads the runs over leaves, each of which knows what is visible in it
// (sequence_leaf.js), so that a change costs little more than its leaf. An index leads from an
// element's name to its leaf (sequence_index.js).
//
// A copy shares all that until one of the two changes.

/** @import { Dot } from './stamp.js' */
/** @import { Run, Stretch } from './run.js' */

import { newIndex, search } from './sequence_index.js'
import { cloneLeaf, grow, unitAt } from './sequence_leaf.js'
import { RunTable } from './sequence_origins.js'
import { appendRun, dotAt, holds, same, shown, textOf } from './run.js'

/** @import { Leaf } from './sequence_leaf.js' */
/** @import { Index } from './sequence_index.js' */

/**
 * Where an element stands: in which run of which leaf, and how far in. An offset just past the
 * run is the place behind its last element; undefined is the end of all.
 * @typedef {{ leaf: Leaf, run: number, offset: number }} Place
 */

/**
 * The run of a place.
 * @param {Place} p
 */
export const runAt = p => p.leaf.runs[p.run]

/**
 * The element before a place that gap or behind gave.
 * @param {Place} p
 */
export const leftOf = p => p.offset ? dotAt(runAt(p), p.offset - 1) : undefined

/**
 * Tells which of two places comes first.
 * @param {Place} [p]
 * @param {Place} [q]
 */
export function comparePlaces (p, q) {
  if (!p || !q) return (p ? 0 : 1) - (q ? 0 : 1)
  return p.leaf.at - q.leaf.at || p.run - q.run || p.offset - q.offset
}

export class Sequence {
  /**
   * As it was read, until something changes.
   * @type {RunTable | undefined}
   */
  table
  /**
   * undefined: not needed yet
   * @type {Leaf[] | undefined}
   */
  leaves = undefined
  /**
   * undefined: not needed yet
   * @type {Index | undefined}
   */
  index = undefined
  /** Another sequence has the same leaves and index. */
  shared = false

  /**
   * @param {RunTable} [table] taken over
   * @param {number} size how many elements are visible
   */
  constructor (table = new RunTable([]), size = 0) {
    this.table = table
    this.size = size
  }

  /**
   * The runs in order, removed ones too, each as long as can be. Sequences of the same elements
   * have the same runs. The caller must not change them.
   * @returns {Run[]}
   */
  all () {
    if (this.table) return this.table.resolved().runs
    /** @type {Run[]} */
    const runs = []
    for (const leaf of this.tree()) for (const r of leaf.runs) appendRun(runs, { ...r })
    return runs
  }

  /** The names of all elements in order, removed ones too. */
  elements () {
    /** @type {string[]} */
    const all = []
    for (const r of this.table?.runs ?? this.all()) for (let i = 0; i < r.n; i++) all.push(textOf(dotAt(r, i)))
    return all
  }

  /** The leaves, at least one. */
  tree () { return (this.leaves ??= grow(this.all())) }

  /** The place of d, undefined if it is not here. @param {Dot} d @returns {Place | undefined} */
  find (d) {
    const { leaf } = this.extentAt(d)
    const run = leaf ? leaf.runs.findIndex(r => holds(r, d)) : -1
    return leaf && run >= 0 ? { leaf, run, offset: d.seq - leaf.runs[run].seq } : undefined
  }

  /** find for an element that is here by the caller's word. @param {Dot} d */
  mustFind (d) {
    const p = this.find(d)
    if (!p) throw new Error(`crdt: there is no ${textOf(d)}`)
    return p
  }

  /**
   * The leaf that d is in, if it is here, and up to which number it is the same leaf.
   * @param {Dot} d
   * @returns {{ leaf: Leaf | undefined, next: number }}
   */
  extentAt (d) {
    const leaves = this.tree()
    if (leaves.length === 1) return { leaf: leaves[0], next: Infinity }
    const extents = (this.index ??= newIndex(leaves)).get(d.replica) ?? []
    const i = search(extents, d.seq)
    return { leaf: extents[i - 1]?.leaf, next: extents[i]?.from ?? Infinity }
  }

  /** The place of the visible element at pos, which must be in range. @param {number} pos @returns {Place} */
  visible (pos) {
    let i = 0
    const leaves = this.tree()
    for (; pos >= leaves[i].shown; i++) pos -= leaves[i].shown
    const leaf = leaves[i]
    let run = 0
    for (; pos >= shown(leaf.runs[run]); run++) pos -= shown(leaf.runs[run])
    return { leaf, run, offset: pos }
  }

  /**
   * Names the n visible elements from pos on, as a cut does.
   * @param {number} pos
   * @param {number} n
   */
  spans (pos, n) {
    /** @type {Stretch[]} */
    const spans = []
    for (let p = n ? this.visible(pos) : undefined; p && n > 0; p = this.nextRun(p)) {
      const take = Math.min(n, shown(runAt(p)) - p.offset)
      if (take <= 0) continue
      const first = dotAt(runAt(p), p.offset)
      const last = spans[spans.length - 1]
      if (last && same(dotAt(last, last.n), first)) last.n += take
      else spans.push({ ...first, n: take })
      n -= take
    }
    return spans.map(s => textOf(s) + '+' + s.n)
  }

  /** The place of the first element of the run behind. @param {Place} p @returns {Place | undefined} */
  nextRun (p) {
    if (p.run + 1 < p.leaf.runs.length) return { leaf: p.leaf, run: p.run + 1, offset: 0 }
    const leaf = this.tree()[p.leaf.at + 1]
    return leaf && { leaf, run: 0, offset: 0 }
  }

  /** The place directly behind d; behind undefined is the start. @param {Dot} [d] @returns {Place} */
  behind (d) {
    if (!d) return { leaf: this.tree()[0], run: 0, offset: 0 }
    const p = this.mustFind(d)
    p.offset++
    return p
  }

  /** The place behind all, of which there is something. @returns {Place} */
  end () {
    const leaf = /** @type {Leaf} */ (this.tree().at(-1))
    const run = leaf.runs.length - 1
    return { leaf, run, offset: leaf.runs[run].n }
  }

  /**
   * The element at a place, or the one that begins the run behind if the place is just past its
   * run; undefined at the end.
   * @param {Place} [p]
   */
  element (p) {
    if (p && p.run < p.leaf.runs.length && p.offset === runAt(p).n) p = this.nextRun(p)
    return p && p.run < p.leaf.runs.length ? dotAt(runAt(p), p.offset) : undefined
  }

  /** The name of the element directly behind d, visible or removed; '' at the end. Behind undefined is the first. @param {Dot} [d] */
  next (d) { return nameOf(this.element(this.behind(d))) }

  /**
   * The origins of an insertion at the visible position pos: the visible element before it, and
   * whatever stands directly behind that. '' is the start, or the end.
   * @param {number} pos
   */
  neighbours (pos) {
    const p = this.gap(pos)
    return { after: nameOf(leftOf(p)), before: nameOf(this.element(p)) }
  }

  /** The place of an insertion at the visible position pos: directly behind the visible element before it. @param {number} pos @returns {Place} */
  gap (pos) {
    if (!pos) return this.behind()
    const p = this.visible(pos - 1)
    p.offset++
    return p
  }

  /** A copy, which costs nothing until one of the two changes. */
  clone () {
    const c = new Sequence(this.table, this.size)
    c.table = this.table
    c.leaves = this.leaves
    c.index = this.index
    c.shared = this.shared = this.leaves !== undefined
    return c
  }

  /** Makes the leaves the sequence's own before they change. */
  edit () {
    const leaves = this.tree()
    this.table = undefined
    if (!this.shared) return leaves
    this.index = undefined
    this.shared = false
    return (this.leaves = leaves.map(cloneLeaf))
  }

  /** What the visible elements show, if the sequence was filled. */
  content () { return this.tree().map(leaf => leaf.text).join('') }

  /** Gives each visible element the code point that it shows. @param {string} text */
  fill (text) {
    for (const leaf of this.edit()) {
      const end = text.length === this.size ? leaf.shown : unitAt(text, leaf.shown)
      leaf.text = text.slice(0, end)
      text = text.slice(end)
    }
  }
}

/** @param {Dot} [d] */
const nameOf = d => d ? textOf(d) : ''

