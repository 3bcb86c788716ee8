// The runs of a sequence in the order they stand in, and how to find elements in them by name.

/** @import { Dot } from './stamp.js' */
/** @import { Run } from './run.js' */

import { firstNot } from './search.js'
import { holds } from './run.js'
import { resolveOrigins } from './sequence_codec.js'

export class RunTable {
  /**
   * The runs in the order of their first elements.
   * @type {number[] | undefined}
   */
  byName = undefined

  /**
   * @param {Run[]} runs nobody changes them
   * @param {number[]} [heads] how each was written, as long as some origins are still to be found
   */
  constructor (runs, heads) {
    this.runs = runs
    this.heads = heads
  }

  /** The table with all origins, which are looked for when somebody first asks. */
  resolved () {
    const { heads } = this
    this.heads = undefined
    if (heads) resolveOrigins(this, heads)
    return this
  }

  /**
   * The run that d is in; -1 if none is. near is a run beside which d is expected: that needs
   * no search.
   * @param {Dot} d
   * @param {number} near
   */
  holder (d, near) {
    const { runs } = this
    for (const i of [near, near - 1, near + 1]) if (runs[i] && holds(runs[i], d)) return i
    const names = (this.byName ??= runs.map((_, i) => i).sort((a, b) => compareIds(runs[a], runs[b])))
    const i = names[firstNot(names.length, k => compareIds(runs[names[k]], d) <= 0) - 1]
    return i !== undefined && holds(runs[i], d) ? i : -1
  }
}

/**
 * @param {Dot} a
 * @param {Dot} b
 */
const compareIds = (a, b) => a.replica === b.replica ? a.seq - b.seq : a.replica < b.replica ? -1 : 1
