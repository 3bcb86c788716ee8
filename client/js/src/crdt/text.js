// A text that several people type into. The sequence knows the order of its code points and
// which are removed; what was removed costs no characters. As long as nobody types, the text
// is held as it was read; from the first change on the sequence holds it in pieces, and it is
// put together when it is asked for.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */

import { Ensured } from './ensure.js'
import { stretchOf } from './run.js'
import { Sequence } from './sequence.js'
import { cut } from './sequence_cut.js'
import { insert } from './sequence_insert.js'
import { codePoints } from './value.js'

export class TextField extends Ensured {
  seq = new Sequence()
  /** The text, unless stale. */
  text = ''
  /** The sequence has changed since. */
  stale = false
  /** The sequence has the content. */
  filled = false

  get strategy () { return 'text' }

  value () { return this.shows() ? this.string() : undefined }

  shows () { return !this.hidden || this.seq.size > 0 }

  /** The text as it is now. */
  string () {
    if (this.stale) {
      this.text = this.seq.content()
      this.stale = false
    }
    return this.text
  }

  /** Gets the field ready for a change of what is visible. */
  open () {
    if (!this.filled) this.seq.fill(this.text)
    this.filled = this.stale = true
  }

  clone () {
    const c = new TextField().copyWord(this)
    c.text = this.text
    c.stale = this.stale
    c.filled = this.filled
    c.seq = this.seq.clone()
    return c
  }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    if (op.kind === 'ensure') return this.ensure(op, by)
    this.open()
    if (op.kind === 'cut') cut(this.seq, op.spans.map(stretchOf))
    else if (op.kind === 'insert') insert(this.seq, by, op, codePoints(op.text), op.text)
  }
}
