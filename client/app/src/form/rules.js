// What a form asks of its type: the SDK's own check of values, and whether conditions hold.

import { matches, parseCondition, resolve } from '../../../js/src/schema/condition.js'
import { t } from '../words/words.js'

/**
 * @typedef {import('./kept.js').Problem} Problem
 *
 * A type that checks: a Schema of the SDK, or the records of a type.
 * @typedef {object} Checks
 * @property {(path: string[], value: unknown) => Problem[]} validateField
 * @property {(value: any) => Problem[]} validate
 */

/**
 * @param {Checks} checks
 * @param {() => {me: string, now: number}} vars who asks and when, for conditions
 */
export function rulesOf (checks, vars) {
  return {
    validateField: (/** @type {string[]} */ path, /** @type {unknown} */ value) => checks.validateField(path, value),
    validate: (/** @type {unknown} */ value) => checks.validate(value),
    matches: matcher(vars),
    requiredMessage: (/** @type {string} */ label) => t('formRequired', { label })
  }
}

/**
 * Asks whether conditions hold, each read once. One that cannot be read holds, so that
 * nothing is hidden by a mistake.
 * @param {() => {me: string, now: number}} vars
 */
function matcher (vars) {
  /** @type {Map<unknown, any>} */
  const read = new Map()
  return (/** @type {unknown} */ condition, /** @type {unknown} */ value) => {
    if (!read.has(condition)) read.set(condition, readCondition(condition))
    const known = read.get(condition)
    return known === null || matches(resolve(known, vars()), /** @type {any} */ (value ?? {}))
  }
}

/** @param {unknown} condition */
function readCondition (condition) {
  try {
    return parseCondition(/** @type {any} */ (condition))
  } catch {
    return null
  }
}
