// Whether a field shows while it is empty: a register of its own beside the field's contents.
// The newest word counts, and until there is one a field that was ever written shows.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */

/** What a field that can be empty and show has in common with others. */
export class Ensured {
  hidden = false
  /** The stamp of the newest word, '' if nobody said anything. */
  said = ''

  /**
   * @param {Op & { kind: 'ensure' }} op
   * @param {Author} by
   */
  ensure (op, by) {
    if (by.stamp < this.said) return
    this.hidden = op.value === false
    this.said = by.stamp
  }

  /** @param {Ensured} o */
  copyWord (o) {
    this.hidden = o.hidden
    this.said = o.said
    return this
  }
}
