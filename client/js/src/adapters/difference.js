// What turns one plain record into another, as adapters tell it.

import { equalValues } from '../crdt/value.js'

/** @typedef {{ [field: string]: any }} Plain */

/**
 * The top-level fields that differ, null where one is to go, and what they were, without
 * those that were not there. The id and what begins with _ (a database's own) is not looked at.
 * @param {Plain} before
 * @param {Plain} after
 * @returns {{ fields: Plain, from: Plain }}
 */
export function difference (before, after) {
  /** @type {Plain} */
  const fields = {}
  /** @type {Plain} */
  const from = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[field], after[field]]
    if (field === 'id' || field[0] === '_' || was === is || (was !== undefined && is !== undefined && equalValues(was, is))) continue
    fields[field] = is ?? null
    if (was !== undefined) from[field] = was
  }
  return { fields, from }
}

/**
 * A record's value without its id, what is undefined, and what begins with _.
 * @param {Plain} item
 * @returns {Plain}
 */
export function valueOf (item) {
  return Object.fromEntries(Object.entries(item).filter(([key, v]) => key !== 'id' && key[0] !== '_' && v !== undefined))
}
