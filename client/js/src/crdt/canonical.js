// The one spelling of a value (RFC 8785), and the order of what a set holds.

/** @import { Value } from './value.js' */

/**
 * The canonical JSON of a value: keys in the order of their UTF-16 units, no space. The value
 * must be plain JSON, as checkValue wants it.
 * @param {Value} v
 * @returns {string}
 */
export function canonical (v) {
  if (v === null || typeof v !== 'object') return JSON.stringify(v)
  if (Array.isArray(v)) return '[' + v.map(canonical).join() + ']'
  return '{' + Object.keys(v).sort().map(key => JSON.stringify(key) + ':' + canonical(v[key])).join() + '}'
}

/**
 * Orders the elements of a set: null, false, true, numbers by size, texts by their UTF-16
 * units.
 * @param {Value} a
 * @param {Value} b
 */
export const compareScalars = (a, b) => rank(a) - rank(b) || (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0)

/** @param {Value} v */
const rank = v => v === null ? 0 : v === false ? 1 : v === true ? 2 : typeof v === 'number' ? 3 : 4

/**
 * @param {Value} a
 * @param {Value} b of the same kind
 */
const isLess = (a, b) => /** @type {string} */ (a) < /** @type {string} */ (b)
