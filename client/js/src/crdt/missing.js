// What a change leans on.

/** @import { Change } from './change.js' */
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
 * What operations name elements by; each kind has some of these members.
 * @typedef {{ path?: string[], row?: string, over?: string[], spans?: string[], after?: string, before?: string }} Names
 */

/**
 * The elements an operation points at. What a deletion or a removal of a row saw is not asked
 * for: it counts once it comes.
 * @param {Names} op
 */
function leans ({ path = [], after, before, row, over = [], spans = [] }) {
  const last = spans.map(stretchOf).map(s => textOf(dotAt(s, s.n - 1)))
  return [...path.filter(isElement), after, before, row, ...over, ...last].filter(dot => dot !== undefined)
}
