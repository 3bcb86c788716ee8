// Places in a text that stay where they are whatever others type: the element before them.

/** @import { TextField } from './text.js' */

import { dotOf } from './run.js'
import { runAt } from './sequence.js'
import { shownBefore, unitAt } from './sequence_leaf.js'
import { codePoints } from './value.js'

/**
 * The name of the element before an index of a text, which counts UTF-16 units; '' at the start.
 * @param {TextField} f
 * @param {number} index
 */
export function anchorAt (f, index) {
  return f.seq.neighbours(codePoints(f.string().slice(0, Math.max(index, 0)))).after
}

/**
 * The index directly behind an element, or where it was; -1 if it is not here.
 * @param {TextField} f
 * @param {string} anchor
 */
export function indexOf (f, anchor) {
  const p = f.seq.find(dotOf(anchor))
  if (!p) return -1
  let before = shownBefore(p) + (runAt(p).deleted ? 0 : 1)
  for (const leaf of f.seq.tree()) if (leaf.at < p.leaf.at) before += leaf.shown
  const text = f.string()
  return text.length === f.seq.size ? before : unitAt(text, before)
}
