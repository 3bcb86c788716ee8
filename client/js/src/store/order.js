// The order of results, which is the server's: by the keys of a sort, then by id. Absent
// and null come first, then false, true, numbers, texts by code point, and lists and
// objects, which are all alike. A descending key turns all of its order round.

import { parseCondition } from '../schema/condition.js'
import { compareTexts } from '../schema/texts.js'


/**
 * What to sort by: a field (`address.city`; a dot within a key is `\.`), `_updated` or
 * `_created`; with `-` before it, descending. Several in a list; the id comes last.
 * @typedef {string|readonly string[]} Sort
 */

/**
 * @typedef {object} SortKey
 * @property {readonly string[]} field
 * @property {'updated'|'created'|undefined} own a time of the record itself
 * @property {1|-1} sign
 */

/** A place in an order: what a document is sorted by. @typedef {{id: string, keys: readonly unknown[]}} Place */

/** What has a place in every order: a Row, or whatever has these of it.
 * @typedef {{id: string, value: Record<string, any>, created?: number|null, updated?: number|null}} Sortable */

/**
 * @param {Sort} [sort]
 * @returns {SortKey[]}
 * @throws {Error} a field that is no field
 */
export function parseSort (sort = []) {
  return (typeof sort === 'string' ? [sort] : sort).map(text => {
    const sign = text.startsWith('-') ? -1 : 1
    const name = sign < 0 ? text.slice(1) : text
    const { field } = parseCondition({ field: name, empty: true })
    return { field, sign, own: name === '_updated' ? 'updated' : name === '_created' ? 'created' : undefined }
  })
}

/**
 * @param {Sortable} row
 * @param {readonly SortKey[]} sort
 * @returns {unknown[]}
 */
export function keysOf (row, sort) {
  return sort.map(key => key.own ? row[key.own] : valueAt(row.value, key.field))
}

/**
 * @param {unknown} value
 * @param {readonly string[]} field
 * @returns {unknown} undefined where it is absent
 */
function valueAt (value, field) {
  for (const key of field) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined
    value = /** @type {Record<string, unknown>} */ (value)[key]
  }
  return value
}

/**
 * @param {Place} a
 * @param {Place} b
 * @param {readonly SortKey[]} sort
 * @returns {number} below, at or above zero
 */
export function comparePlaces (a, b, sort) {
  for (let i = 0; i < sort.length; i++) {
    const order = compareKeys(a.keys[i], b.keys[i])
    if (order !== 0) return order * sort[i].sign
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/**
 * @param {unknown} a
 * @param {unknown} b
 * @returns {number}
 */
export function compareKeys (a, b) {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return rank(a) - rank(b)
}

/** @param {unknown} v */
function rank (v) {
  switch (typeof v) {
    case 'undefined': return 0
    case 'boolean': return v ? 2 : 1
    case 'number': return 3
    case 'string': return 4
  }
  return v === null ? 0 : 5
}
