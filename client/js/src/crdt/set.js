// An observed-remove set: every addition has a dot, a removal names the dots its author saw,
// and an element is in while one of its dots is. What was seen says which dots were removed,
// so nothing is kept for those.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */
/** @import { Value } from './value.js' */

import { compareScalars } from './canonical.js'
import { Ensured } from './ensure.js'
import { firstNot } from './search.js'
import { compareDots, dotText } from './stamp.js'

/**
 * A value and its additions that stand, ascending, at least one. The list is never changed.
 * @typedef {{ v: Value, dots: string[] }} Element
 */

export class SetField extends Ensured {
  /**
   * As they show.
   * @type {Element[]}
   */
  elements = []

  get strategy () { return 'set' }

  value () { return this.shows() ? this.values() : undefined }

  shows () { return !this.hidden || this.elements.length > 0 }

  /** Lists the elements. */
  values () { return this.elements.map(e => e.v) }

  clone () {
    const c = new SetField().copyWord(this)
    c.elements = this.elements.slice()
    return c
  }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    if (op.kind === 'ensure') this.ensure(op, by)
    else if (op.kind === 'include') this.put(op.value, [...this.dots(op.value), dotText(by.replica, op.id)].sort(compareDots))
    else if (op.kind === 'exclude') {
      const over = new Set(op.over)
      this.put(op.value, this.dots(op.value).filter(d => !over.has(d)))
    }
  }

  /**
   * The place of v among the elements, and v there if it is one.
   * @param {Value} v
   */
  find (v) {
    const at = firstNot(this.elements.length, i => compareScalars(this.elements[i].v, v) < 0)
    const e = this.elements[at]
    return { at, e: e && compareScalars(e.v, v) === 0 ? e : undefined }
  }

  /**
   * Names the additions of v that stand now. The caller must not change them.
   * @param {Value} v
   */
  dots (v) { return this.find(v).e?.dots ?? [] }

  /**
   * Says which additions of v stand.
   * @param {Value} v
   * @param {string[]} dots
   */
  put (v, dots) {
    const { at, e } = this.find(v)
    this.elements.splice(at, e ? 1 : 0, ...(dots.length ? [{ v, dots }] : []))
  }
}
