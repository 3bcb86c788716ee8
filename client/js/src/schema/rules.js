// The keywords that ask something of a value by itself: each makes a test of what the schema
// says. They count and compare as Go does: lengths in code points, patterns with the flag u,
// decimal fractions as they are written.

import { canonical } from '../crdt/canonical.js'
import { codePoints } from '../crdt/value.js'
import { formats } from './formats.js'
import { same } from './texts.js'

/** @typedef {{ word: string, kind: string, passes: (value: any) => boolean }} Rule kind: the type of what it asks, '' for any */
/** @typedef {(limit: any) => (value: any) => boolean} Maker */

/**
 * Makes the tests of a number, and of what is counted before it is compared with one.
 * @param {string} least
 * @param {string} most
 * @param {(value: any) => number} count
 * @returns {Record<string, Maker>}
 */
const between = (least, most, count) => ({
  [least]: limit => v => count(v) >= limit,
  [most]: limit => v => count(v) <= limit
})

/** @type {(object: object) => (key: string) => boolean} */
const holds = object => key => Object.hasOwn(object, key)

/** @type {Record<string, Record<string, Maker>>} by type, '' for any */
const makers = {
  '': {
    const: only => v => same(v, only),
    enum: list => v => list.some((/** @type {unknown} */ one) => same(v, one))
  },
  number: {
    ...between('minimum', 'maximum', v => v),
    exclusiveMinimum: limit => v => v > limit,
    exclusiveMaximum: limit => v => v < limit,
    multipleOf: of => v => isMultiple(v, of)
  },
  string: {
    ...between('minLength', 'maxLength', codePoints),
    pattern: source => {
      const form = new RegExp(source, 'u')
      return v => form.test(v)
    },
    format: name => formats[name]
  },
  array: {
    ...between('minItems', 'maxItems', v => v.length),
    uniqueItems: asked => v => !asked || new Set(v.map(canonical)).size === v.length
  },
  object: {
    ...between('minProperties', 'maxProperties', v => Object.keys(v).length),
    required: keys => v => keys.every(holds(v)),
    dependentRequired: lists => v => Object.keys(lists).every(key => !Object.hasOwn(v, key) || lists[key].every(holds(v)))
  }
}

/**
 * The rules that a schema's own keywords make.
 * @param {Record<string, unknown>} words
 * @returns {Rule[]}
 */
export function rulesOf (words) {
  return Object.entries(makers).flatMap(([kind, by]) =>
    Object.keys(by).filter(word => Object.hasOwn(words, word)).map(word => ({ word, kind, passes: by[word](words[word]) })))
}

/**
 * Whether a number is a whole multiple of another, both as they are written in decimals:
 * 0.3 is one of 0.1.
 * @param {number} a
 * @param {number} b above zero
 */
function isMultiple (a, b) {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a % b === 0
  const [x, up] = decimal(a)
  const [y, down] = decimal(b)
  const shift = up - down
  return x * tens(shift) % (y * tens(-shift)) === 0n
}

/** @param {number} n how many zeros, none below one */
const tens = n => 10n ** BigInt(Math.max(0, n))

/**
 * A number as digits, and the power of ten that they count.
 * @param {number} n
 * @returns {[bigint, number]}
 */
function decimal (n) {
  const [digits, power = '0'] = String(n).split('e')
  const [whole, part = ''] = digits.split('.')
  return [BigInt(whole + part), Number(power) - part.length]
}
