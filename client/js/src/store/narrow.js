// What an index tells of a condition: the rows that one of its comparisons leaves.

import { compareKeys } from './order.js'
import { firstAt } from './sorted.js'

/** @import { Condition } from '../schema/condition.js' */
/** @import { Row } from './row.js' */
/** @import { Entry } from './sorted.js' */
/** @import { Table } from './table.js' */

/** Parts of an index: from, and up to but not including. @typedef {[number, number][]} Spans */

/**
 * The rows that the most telling comparison leaves, where the condition as a whole can
 * only be true of rows that it leaves; undefined where no index helps.
 * @param {Table} table
 * @param {Condition} where
 * @returns {{size: number, rows: () => Row[]}|undefined}
 */
export function narrow (table, where) {
  /** @type {{size: number, rows: () => Row[]}|undefined} */
  let best
  for (const [field, comparisons] of byField(where)) {
    const index = table.indexOf(field)
    if (!index) continue
    const { entries } = index
    /** @type {Spans} */
    let spans = [[0, entries.length]]
    for (const c of comparisons) spans = both(spans, spansOf(entries, c))
    const size = spans.reduce((sum, [from, to]) => sum + to - from, 0)
    if (!best || size < best.size) best = { size, rows: () => spans.flatMap(([from, to]) => entries.slice(from, to).map(entry => entry.row)) }
  }
  return best
}

/**
 * The comparisons that must all be true, by the way to their field, as JSON.
 * @param {Condition} where
 * @returns {Map<string, Condition[]>}
 */
function byField (where) {
  /** @type {Map<string, Condition[]>} */
  const found = new Map()
  /** @param {Condition} c */
  const visit = c => {
    if (c.op === 'all') c.subs.forEach(visit)
    if (!['is', 'in', 'above', 'below', 'from', 'to'].includes(c.op)) return
    const name = JSON.stringify(c.field)
    found.set(name, [...found.get(name) ?? [], c])
  }
  visit(where)
  return found
}

/**
 * @param {readonly Entry[]} entries
 * @param {Condition} c
 * @returns {Spans}
 */
function spansOf (entries, { op, value }) {
  if (op === 'in') {
    const values = [.../** @type {unknown[]} */ (value)].sort(compareKeys)
    return values.filter((v, i) => i === 0 || compareKeys(values[i - 1], v) < 0).map(v => [from(v), beyond(v)])
  }
  switch (op) {
    case 'is': return [[from(value), beyond(value)]]
    case 'above': return [[beyond(value), entries.length]]
    case 'from': return [[from(value), entries.length]]
    case 'below': return [[start(), from(value)]]
  }
  return [[start(), beyond(value)]]

  /** @param {unknown} v */
  function from (v) { return firstAt(entries, e => compareKeys(e.keys[0], v) >= 0) }
  /** @param {unknown} v */
  function beyond (v) { return firstAt(entries, e => compareKeys(e.keys[0], v) > 0) }
  /** Where values of this kind begin: many a record has none. */
  function start () { return typeof value === 'number' ? from(-Infinity) : from('') }
}

/**
 * What lies in both.
 * @param {Spans} a
 * @param {Spans} b
 * @returns {Spans}
 */
function both (a, b) {
  return a.flatMap(([from, to]) => b
    .map(([low, high]) => /** @type {[number, number]} */ ([Math.max(from, low), Math.min(to, high)]))
    .filter(([low, high]) => low < high))
}
