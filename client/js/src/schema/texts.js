// How texts are put in order and how letter case is put aside: by code point, as in Go,
// where JavaScript by itself compares UTF-16 units and lowers by context.

import { equalValues } from '../crdt/value.js'

/** @typedef {import('../crdt/value.js').Value} Value */

/**
 * Compares two texts by code point. It differs from `<` where a character beyond 16 bits
 * meets one from U+E000 on.
 * @param {string} a
 * @param {string} b
 * @returns {number} below, at or above zero
 */
export function compareTexts (a, b) {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (order) return order
  }
  return a.length - b.length
}

/**
 * Where a UTF-16 unit stands in the order of code points: halves of pairs last.
 * @param {number} unit
 */
function rank (unit) { return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800 }

/**
 * Lowers each code point alone, by its simple mapping: İ becomes i, Σ is always σ. These
 * two are all that toLowerCase treats otherwise.
 * @param {string} text
 * @returns {string}
 */
export function lower (text) {
  return text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase()
}

/**
 * A key as a step of a JSON Pointer (RFC 6901).
 * @param {string} key
 * @returns {string}
 */
export function escape (key) { return key.replaceAll('~', '~0').replaceAll('/', '~1') }

/**
 * Joins keys into a JSON Pointer.
 * @param {readonly (string|number)[]} keys
 * @returns {string}
 */
export function pointer (keys) { return keys.map(key => '/' + escape(String(key))).join('') }

/**
 * Whether a value is a JSON object: neither null nor a list.
 * @param {unknown} v
 * @returns {v is Record<string, unknown>}
 */
export function isObject (v) { return typeof v === 'object' && v !== null && !Array.isArray(v) }

/**
 * Whether two values are the same; undefined is like nothing else.
 * @param {unknown} a
 * @param {unknown} b
 */
export function same (a, b) { return equalValues(/** @type {Value|undefined} */ (a), /** @type {Value|undefined} */ (b)) }
