// Changes that wait in the document for what they lean on.

/** @import { Change } from './change.js' */
/** @import { Document } from './document.js' */

import { Checker, OpError } from './check.js'
import { firstNot } from './search.js'

const MAX_HELD = 1000

/**
 * Keeps a change until what it leans on has come; one that is held already stays as it is.
 * Throws an OpError when there is no room, so that nobody can fill a store with changes that
 * lean on nothing.
 * @param {Document} d
 * @param {Change} c
 */
export function hold (d, c) {
  const { held } = d
  const at = firstNot(held.length, i => held[i].replica === c.replica ? held[i].n < c.n : held[i].replica < c.replica)
  if (held[at]?.replica === c.replica && held[at].n === c.n) return
  if (held.length >= MAX_HELD) throw new OpError(-1, [], 'Too many changes wait for others: send those first.')
  held.splice(at, 0, c)
}

/**
 * Applies what was held and no longer waits for anything, until nothing more moves. A change
 * that turns out not to fit is dropped, as it would have been refused had it come in time.
 * @param {Document} d
 */
export function release (d) {
  for (let moved = true; moved;) {
    moved = false
    d.held = d.held.filter(c => {
      if (d.missing(c)) return true
      moved = true
      if (c.n > d.mark(c.replica).n && !new Checker(d, c).change()) d.take(c)
      return false
    })
  }
}
