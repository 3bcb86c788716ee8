// Whether an operation is one that the plan has for its field, with a value valid for it.

import { STRATEGIES } from '../crdt/node.js'
import { problem } from './message.js'
import { findSpot } from './spot.js'

/** @typedef {import('./message.js').Problem} Problem */
/** @typedef {import('./spot.js').Spot} Spot */

/**
 * An operation as it goes over the wire: Op of the merge, read by what it has.
 * @typedef {{ kind: string, path?: readonly string[], value?: unknown, as?: string }} Op
 */

/**
 * The strategies that a kind of operation is for.
 * @type {Record<string, string>}
 */
const fits = {
  ...STRATEGIES,
  ensure: 'map list set text counter'
}

/**
 * Checks an operation: none where it is in order. Every operation on a field that the
 * server numbers is a problem.
 * @param {import('./spot.js').Voice} by
 * @param {Spot} whole
 * @param {Op} op
 * @param {(path: readonly string[], value: unknown, element: boolean) => Problem[]} validate
 * @returns {Problem[]}
 */
export function checkOp (by, whole, op, validate) {
  const { kind, path = [], value } = op
  if (['create', 'delete', 'restore'].includes(kind)) return []
  if (path.length === 0) return [problem(by, path, 'x-merge', { says: 'whole' })]
  const { spot, problem: wrong } = findSpot(by, whole, path)
  if (!spot) return [wrong]
  const { strategy } = spot.plan
  if (strategy === 'serial') return [problem(by, path, 'x-merge', { says: 'serial' })]
  if (!(fits[kind] ?? '').split(' ').includes(strategy) || (kind === 'ensure' && op.as !== strategy)) {
    const { limit, ...found } = problem(by, path, 'x-merge', { says: 'operation', limit: strategy, text: kind })
    return [found]
  }
  if (spot.required && removes(op)) return [problem(by, path, 'required')]
  if (kind === 'add') return checkAmount(by, path, value, spot)
  const writes = ['set', 'raise', 'lower', 'include'].includes(kind) || (kind === 'assign' && value !== undefined)
  return writes ? validate(path, value, kind === 'include') : []
}

/**
 * Whether an operation takes a field out of its record.
 * @param {Op} op
 */
function removes ({ kind, value }) {
  return kind === 'unset' || (kind === 'assign' && value === undefined) || (kind === 'ensure' && value === false)
}

/**
 * Checks what is added to a counter: the sum may leave the bounds that the schema gives,
 * because others add too, but whole numbers stay whole.
 * @param {import('./spot.js').Voice} by
 * @param {readonly string[]} path
 * @param {unknown} amount
 * @param {Spot} spot
 */
function checkAmount (by, path, amount, spot) {
  if (typeof amount !== 'number') return [problem(by, path, 'type', { says: 'amount' })]
  const whole = spot.branch?.field.type !== 'integer' || Number.isInteger(amount)
  return whole ? [] : [problem(by, path, 'type', { says: 'wholeAmount' })]
}
