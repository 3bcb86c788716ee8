// A counter counts in millionths, exactly: 0.1 + 0.2 + 0.7 is 1, in any order. It keeps what
// each replica added so far, so that a merge can tell an amount that the other side has
// counted from one it has not.

/** @import { Author } from './node.js' */
/** @import { Op } from './change.js' */

import { Ensured } from './ensure.js'

/** The largest amount of one addition. */
export const MAX_AMOUNT = 1e9
/** The largest sum of all that one replica adds to one counter. */
export const MAX_SUM = 1e12
/** The same in millionths. */
export const MAX_MICROS = 10n ** 18n

export class CounterField extends Ensured {
  /**
   * By replica, in millionths; none is zero.
   * @type {Map<string, bigint>}
   */
  sums = new Map()

  get strategy () { return 'counter' }

  value () { return this.shows() ? this.number() : undefined }

  shows () { return !this.hidden || this.total() !== 0n }

  /** The double nearest to what all added. It is zero only if that is. */
  number () { return Number(this.total() + 'e-6') }

  /** What all added, in millionths. */
  total () {
    let total = 0n
    for (const sum of this.sums.values()) total += sum
    return total
  }

  clone () {
    const c = new CounterField().copyWord(this)
    c.sums = new Map(this.sums)
    return c
  }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    if (op.kind === 'ensure') this.ensure(op, by)
    else if (op.kind === 'add') this.put(by.replica, this.sum(by.replica) + (toMicros(op.value, MAX_AMOUNT) ?? 0n))
  }

  /**
   * What one replica added so far, in millionths.
   * @param {string} replica
   */
  sum (replica) { return this.sums.get(replica) ?? 0n }

  /**
   * @param {string} replica
   * @param {bigint} sum
   */
  put (replica, sum) {
    if (sum) this.sums.set(replica, sum)
    else this.sums.delete(replica)
  }
}

/**
 * A number in millionths, read as the decimal it is written as: 0.1 is one tenth, not the
 * binary fraction next to it. undefined if it has more than six digits behind the point or is
 * larger than limit either way.
 * @param {unknown} v
 * @param {number} limit
 */
export function toMicros (v, limit) {
  const digits = typeof v === 'number' && Math.abs(v) <= limit && /^(-?\d+)\.?(\d{0,6})$/.exec(String(v))
  return digits ? BigInt(digits[1] + digits[2].padEnd(6, '0')) : undefined
}
