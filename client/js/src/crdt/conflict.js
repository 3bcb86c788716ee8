// A field with several values: an assignment replaces the values its author saw and no others,
// so concurrent ones stand side by side until someone picks.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */
/** @import { Value } from './value.js' */

import { firstNot } from './search.js'
import { compareDots, dotText } from './stamp.js'

/**
 * One of several concurrent values. Without value it is a removal.
 * @typedef {{ id: string, stamp: string, value?: Value }} Candidate
 */

export class ConflictField {
  /**
   * Newest first: that one shows. Never empty once written.
   * @type {Candidate[]}
   */
  candidates = []

  get strategy () { return 'conflict' }

  value () { return this.candidates[0]?.value }

  shows () { return this.value() !== undefined }

  clone () {
    const c = new ConflictField()
    c.candidates = this.candidates.slice()
    return c
  }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    if (op.kind !== 'assign') return
    if (op.over.length) this.remove(new Set(op.over))
    this.add({ id: dotText(by.replica, op.id), stamp: by.stamp, value: op.value })
  }

  /** @param {Candidate} c */
  add (c) {
    this.candidates.splice(firstNot(this.candidates.length, i => compareCandidates(this.candidates[i], c) < 0), 0, c)
  }

  /** @param {Set<string>} ids */
  remove (ids) {
    this.candidates = this.candidates.filter(c => !ids.has(c.id))
  }

  /** The values that stand now, the one that shows first. */
  list () { return this.candidates.slice() }

  /** Names the values that stand now, ascending. */
  dots () { return this.candidates.map(c => c.id).sort(compareDots) }
}

/**
 * @param {Candidate} a
 * @param {Candidate} b
 */
export const compareCandidates = (a, b) => a.stamp === b.stamp ? compareDots(b.id, a.id) : a.stamp > b.stamp ? -1 : 1
