// A field that holds the largest value it was ever given, or the smallest: the reading of a
// meter. It needs no stamps, the value alone decides.

/** @import { Op } from './change.js' */
/** @import { Value } from './value.js' */

export class ExtremeField {
  /**
   * @param {boolean} max
   * @param {Value} [v] a number or a text; undefined until the first operation
   */
  constructor (max, v) {
    this.max = max
    this.v = v
  }

  get strategy () { return this.max ? 'max' : 'min' }

  value () { return this.v }

  shows () { return this.v !== undefined }

  clone () { return new ExtremeField(this.max, this.v) }

  /** @param {Op} op */
  apply (op) { if (op.kind === 'raise' || op.kind === 'lower') this.take(op.value) }

  /** @param {Value} v */
  take (v) {
    if (this.v === undefined || this.beats(v)) this.v = v
  }

  /**
   * Whether v is further out than what the field holds.
   * @param {Value} v
   */
  beats (v) {
    const c = this.v === undefined ? 0 : compareExtremes(v, this.v)
    return this.max ? c > 0 : c < 0
  }
}

/**
 * Orders numbers by size and texts (dates, which are written so that this is their order) by
 * their bytes in UTF-8; numbers come before texts.
 * @param {Value} a
 * @param {Value} b
 */
export function compareExtremes (a, b) {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  if (typeof a !== 'string' || typeof b !== 'string') return 1
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return rank(a, i) - rank(b, i)
}

/**
 * Where the unit at i stands among others by UTF-8: the halves of pairs behind all others, the
 * end in front.
 * @param {string} s
 * @param {number} i
 */
function rank (s, i) {
  const unit = i < s.length ? s.charCodeAt(i) : -1
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit
}
