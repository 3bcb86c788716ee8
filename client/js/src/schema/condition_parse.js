// Reading a condition from JSON, strictly, and writing it again.

import { escape, isObject } from './texts.js'

/** @typedef {import('./condition.js').Condition} Condition */

/** Why a value is no condition, or why a condition does not fit a type. */
export class ConditionError extends Error {
  /**
   * @param {string} path JSON Pointer into the condition, '' for the whole
   * @param {string} message a sentence: what is wrong, and the way out
   */
  constructor (path, message) {
    super(message)
    this.name = 'ConditionError'
    this.path = path
  }
}

const maxDepth = 16
const maxNodes = 200
const maxValues = 1000
const maxKeys = 32
const groups = ['all', 'any', 'none']
const comparisons = ['is', 'not', 'in', 'above', 'below', 'from', 'to', 'has', 'contains', 'starts', 'empty']

/** @type {readonly string[]} */
const nothing = Object.freeze([])
/** What every value matches, and what none does. */
export const always = make('true')
export const never = make('false')

/**
 * @param {string} op
 * @param {Partial<Condition>} [more]
 * @returns {Condition}
 */
export function make (op, more) {
  return Object.freeze({ op, field: nothing, value: undefined, subs: [], ...more })
}

/** @param {string} op */
export function isGroup (op) { return groups.includes(op) }

/** @param {unknown} v */
export function isScalar (v) {
  return v === null || typeof v === 'boolean' || typeof v === 'string' || (typeof v === 'number' && isFinite(v))
}

/**
 * Reads a condition. It keeps v's lists, which must not change from then on.
 * @param {unknown} v plain JSON
 * @returns {Condition}
 * @throws {ConditionError} that names the first thing wrong; the server says more about it
 */
export function parseCondition (v) {
  let nodes = 0
  return read(v, '', 1)

  /**
   * @param {unknown} v
   * @param {string} path
   * @param {number} depth
   * @returns {Condition}
   */
  function read (v, path, depth) {
    if (++nodes > maxNodes || depth > maxDepth) throw new ConditionError(path, `A condition has at most ${maxNodes} parts, ${maxDepth} levels deep.`)
    if (typeof v === 'boolean') return v ? always : never
    const op = operator(v, path)
    const operand = /** @type {Record<string, unknown>} */ (v)[op]
    const at = under(path, op)
    if (!takes(op, operand)) throw new ConditionError(at, `"${op}" does not take this.`)
    if (isGroup(op)) return make(op, { subs: /** @type {unknown[]} */ (operand).map((sub, i) => read(sub, under(at, String(i)), depth + 1)) })
    return make(op, { field: splitField(/** @type {Record<string, unknown>} */ (v).field, under(path, 'field')), value: operand })
  }
}

/**
 * The condition as the JSON that parseCondition reads.
 * @param {Condition} [c]
 * @returns {boolean|Record<string, unknown>}
 */
export function conditionValue (c = always) {
  if (c.op === 'true' || c.op === 'false') return c.op === 'true'
  return isGroup(c.op) ? { [c.op]: c.subs.map(conditionValue) } : { field: joinField(c.field), [c.op]: c.value }
}

/**
 * Finds the one operator among the members, and refuses all that does not go with it.
 * @param {unknown} v
 * @param {string} path
 */
function operator (v, path) {
  const keys = isObject(v) ? Object.keys(v) : []
  const [op, ...more] = keys.filter(key => key !== 'field')
  const known = keys.includes('field') ? comparisons : groups
  if (more.length > 0 || !known.includes(op)) {
    throw new ConditionError(path, `${keys.join(' with ') || 'This'} is no part of a condition; use "field" with one of ${comparisons.join(', ')}; or one of ${groups.join(', ')}.`)
  }
  return op
}

/**
 * Whether op compares with such a value.
 * @param {string} op
 * @param {unknown} v
 */
function takes (op, v) {
  switch (op) {
    case 'is': case 'not': return isScalar(v)
    case 'in': return Array.isArray(v) && v.length <= maxValues && v.every(isScalar)
    case 'has': return isScalar(v) && v !== null
    case 'contains': case 'starts': return typeof v === 'string'
    case 'empty': return typeof v === 'boolean'
  }
  return isGroup(op) ? Array.isArray(v) : isScalar(v) && v !== null && typeof v !== 'boolean'
}

/**
 * Splits the path of a field at its dots; a backslash stands before a dot or a backslash
 * that belongs to a key.
 * @param {unknown} name
 * @param {string} path
 * @returns {string[]}
 */
function splitField (name, path) {
  const keys = ['']
  for (const [part] of String(name).matchAll(/\\[.\\]|[^]/gu)) {
    if (part === '.') keys.push('')
    else keys[keys.length - 1] += part.replace(/^\\(?=.)/u, '')
  }
  if (typeof name !== 'string' || !/^(?:[^\\]|\\[.\\])*$/.test(name) || keys.includes('') || keys.length > maxKeys) {
    throw new ConditionError(path, `The field is at most ${maxKeys} keys joined by dots; a backslash stands before a dot or a backslash of a key.`)
  }
  return keys
}

/**
 * The path that splits into keys.
 * @param {readonly string[]} keys
 */
export function joinField (keys) { return keys.map(key => key.replace(/[\\.]/g, '\\$&')).join('.') }

/**
 * The JSON Pointer to key inside what path points to.
 * @param {string} path
 * @param {string} key
 */
export function under (path, key) { return path + '/' + escape(key) }
