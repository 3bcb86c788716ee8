// Edits of a counter.

/** @import { CounterField } from './counter.js' */
/** @import { Value } from './value.js' */
/** @import { Op } from './change.js' */
/** @import { Workbench } from './workbench.js' */

import { MAX_AMOUNT, MAX_SUM, toMicros } from './counter.js'
import { refuseField, slot } from './workbench.js'

/**
 * Adds an amount. What one change adds to a counter is one operation, if it may be as much.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {number} amount
 */
export function addAmount (e, path, amount) {
  e.field(path, 'counter')
  /** @type {Op & { kind: 'add' }} */
  const op = { kind: 'add', path, value: amount }
  const at = e.last.get(slot(op))
  if (at === undefined) return e.write(op)
  e.run(op)
  const before = /** @type {Op & { kind: 'add' }} */ (e.made[at])
  const sum = Number((toMicros(before.value, MAX_AMOUNT) ?? 0n) + (toMicros(amount, MAX_AMOUNT) ?? 0n)) / 1e6
  if (toMicros(sum, MAX_AMOUNT) === undefined) e.made.push(op)
  else e.made[at] = { ...before, value: sum }
}

/**
 * Adds what is missing.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function putCounter (e, path, value) {
  let wanted = toMicros(value, MAX_SUM)
  if (wanted === undefined) return refuseField(path, 'takes a number with at most six digits behind the point.')
  wanted -= /** @type {CounterField | undefined} */ (e.work.find(path))?.total() ?? 0n
  const most = BigInt(MAX_AMOUNT) * 1_000_000n
  while (wanted) {
    const step = wanted > most ? most : wanted < -most ? -most : wanted
    addAmount(e, path, Number(step) / 1e6)
    wanted -= step
  }
  e.show(path, 'counter')
}
