// The strategies of a type as a tree, which say what operations an edit becomes.

/** @import { Strategy } from './change.js' */

/**
 * How a field merges, and what is in it. The root of a type is a map. Nobody changes a plan
 * once it is made.
 * @typedef {object} Plan
 * @property {Strategy} strategy
 * @property {{ [key: string]: Plan }} [fields] map: the fields known by name
 * @property {Plan} [rest] map: every other key; absent: those are registers
 * @property {Plan} [row] list: what a row is; absent: a register
 */

/** @type {Plan} */
const register = { strategy: 'register' }

/**
 * The plan of the field called key.
 * @param {Plan} plan
 * @param {string} key
 * @returns {Plan}
 */
export const fieldPlan = ({ fields, rest }, key) => fields && Object.hasOwn(fields, key) ? fields[key] : rest ?? register

/**
 * The plan of the rows of a list.
 * @param {Plan} plan
 * @returns {Plan}
 */
export const rowPlan = plan => plan.row ?? register

/**
 * The strategy whose operations the field takes.
 * @param {Plan} plan
 */
export const merges = plan => plan.strategy === 'serial' ? 'register' : plan.strategy

/**
 * Whether some values can never follow upon others: there is a maximum or minimum somewhere.
 * @param {Plan | undefined} plan
 * @returns {boolean}
 */
export function oneWay (plan) {
  return !!plan && (plan.strategy === 'max' || plan.strategy === 'min' || oneWay(plan.rest) || oneWay(plan.row) ||
    Object.values(plan.fields ?? {}).some(oneWay))
}
