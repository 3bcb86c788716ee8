// A field that holds one value: the one with the newest stamp. A removal is a value like any
// other. Time stamps only say which one; the others stay in the log.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */
/** @import { Value } from './value.js' */

export class RegisterField {
  /**
   * @param {Value} [v] undefined: the field is absent
   * @param {string} stamp
   */
  constructor (v, stamp = '') {
    this.v = v
    this.stamp = stamp
  }

  get strategy () { return 'register' }

  value () { return this.v }

  shows () { return this.v !== undefined }

  clone () { return new RegisterField(this.v, this.stamp) }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    // A replica's changes come in their order, so of two with one stamp the later wins.
    if (by.stamp < this.stamp) return
    this.v = op.kind === 'set' ? op.value : undefined
    this.stamp = by.stamp
  }
}
