// What a change leans on.

/** @import { Change, Op } from './change.js' */
/** @import { Document } from './document.js' */

import { dotAt, stretchOf, textOf } from './run.js'
import { isElement } from './stamp.js'

/**
 * What a change waits for: an element that is not here, or the n of its replica's change before.
 * @typedef {{ element: string } | { prev: number }} Ref
 */

/**
 * The first thing a change leans on that the document does not have, or null.
 * @param {Document} d
 * @param {Change} c
 * @returns {Ref | null}
 */
export function missing (d, c) {
  const { n } = d.mark(c.replica)
  if (c.n <= n) return null
  if (c.prev && c.prev > n) return { prev: c.prev }
  for (const op of c.ops) {
    for (const element of leans(op)) {
      // The author's own elements are here with the change before, or in this one.
      if (!element.startsWith(c.replica) && !d.has(element)) return { element }
    }
  }
  return null
}

/**
 * The elements an operation points at. What a deletion or a removal of a row saw is not asked
 * for: it counts once it comes.
 * @param {Op} op
 */
function leans (op) {
  const dots = op.path ? op.path.filter(isElement) : []
  if ('after' in op && op.after) dots.push(op.after)
  if ('before' in op && op.before) dots.push(op.before)
  if ('row' in op) dots.push(op.row)
  if ('over' in op) dots.push(...op.over)
  if ('spans' in op) dots.push(...op.spans.map(stretchOf).map(s => textOf(dotAt(s, s.n - 1))))
  return dots
}
