// What the fields of a record are called in sentences, and what a type says of them itself.

import { step } from './plan.js'

/** @typedef {import('./plan.js').Branch} Branch */
/** @typedef {import('./schema.js').Messages} Messages */

/**
 * Names the value at a path of a record, to begin a sentence with ("Quantity in row 2 of
 * Parts"), and gives the label of the nearest field ("Quantity").
 * @param {Branch} top
 * @param {readonly string[]} path
 * @param {Messages} messages
 * @returns {{ name: string, field: string }}
 */
export function labelOf (top, path, messages) {
  let name = top.field.title || messages.record
  let field = name
  /** @type {(label: string) => string} */
  let placed = label => label
  /** @type {Branch|undefined} */
  let at = top
  for (const key of path) {
    /** @type {Branch|undefined} */
    const next = step(at, key)
    const number = index(key)
    if (at?.row) {
      const of = at.field.title
      placed = label => messages.inRow(label, number, of)
      name = messages.row(number, of)
    } else if (next && next !== at?.rest) {
      field = next.field.title
      name = placed(field)
    } else if (number && at?.field.type !== 'object') {
      name = messages.entry(number, name)
    } else {
      if (at) field = inWords(key)
      name = placed(inWords(key))
    }
    at = next
  }
  return { name, field }
}

/**
 * What the type says of the field nearest to a path when a value breaks its rules.
 * @param {Branch} top
 * @param {readonly string[]} path
 * @returns {string|undefined}
 */
export function ownError (top, path) {
  let at = top
  for (const key of path) {
    const next = step(at, key)
    if (!next) break
    at = next
  }
  return at.field.error
}

/**
 * The number that people give a row, from 1; 0 where the step is no index of a value but
 * the identity of a row.
 * @param {string} step
 */
function index (step) { return /^(?:\+?\d+|-0+)$/.test(step) && step.length < 8 ? Number(step) + 1 : 0 }

/**
 * Makes a label of a key: siteAddress, site_address and site-address are all "Site address".
 * @param {string} key
 * @returns {string}
 */
export function inWords (key) {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, (_, a, b) => a + ' ' + b.toLowerCase())
    .split(/[-_.\t-\r\x85\u2028\u2029\p{Zs}]+/u).filter(Boolean).join(' ')
  if (!words) return key
  const first = String.fromCodePoint(/** @type {number} */ (words.codePointAt(0)))
  const upper = first.toUpperCase()
  return (upper.length === first.length ? upper : first) + words.slice(first.length)
}
