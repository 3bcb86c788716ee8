// Reading a condition from JSON, strictly, and writing it again.

import { compareTexts, escape, isObject } from './texts.js'

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
const wanted = `"field" with one of ${comparisons.join(', ')}; or one of ${groups.join(', ')}`

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
 * @throws {ConditionError} that names the first thing wrong
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
    if (++nodes > maxNodes) throw new ConditionError(path, `A condition has at most ${maxNodes} parts; make it smaller.`)
    if (depth > maxDepth) throw new ConditionError(path, `A condition goes at most ${maxDepth} levels deep; flatten it.`)
    if (typeof v === 'boolean') return v ? always : never
    if (!isObject(v)) throw new ConditionError(path, 'A condition is true, false or an object such as {"field":"status","is":"done"}.')
    const op = operator(v, path)
    if (!isGroup(op)) return comparison(op, v, path)
    const list = v[op]
    path = under(path, op)
    if (!Array.isArray(list)) throw new ConditionError(path, `"${op}" needs a list of conditions.`)
    return make(op, { subs: list.map((sub, i) => read(sub, under(path, String(i)), depth + 1)) })
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
 * @param {Record<string, unknown>} v
 * @param {string} path
 */
function operator (v, path) {
  const ops = []
  const hasField = Object.hasOwn(v, 'field')
  for (const key of Object.keys(v).sort(compareTexts)) {
    if (isGroup(key) || comparisons.includes(key)) ops.push(key)
    else if (key !== 'field') throw new ConditionError(under(path, key), `${JSON.stringify(key)} is no part of a condition; use ${wanted}.`)
  }
  const [op, second] = ops
  if (!op) throw new ConditionError(path, `This condition says nothing; use ${wanted}.`)
  if (second) throw new ConditionError(path, `"${op}" and "${second}" are two conditions; join them with "all" or "any".`)
  if (isGroup(op) && hasField) throw new ConditionError(under(path, 'field'), `"${op}" goes without "field"; give each condition in it a field of its own.`)
  if (!isGroup(op) && !hasField) throw new ConditionError(path, `"${op}" needs "field" beside it: the key of the field to compare.`)
  return op
}

/**
 * @param {string} op
 * @param {Record<string, unknown>} v
 * @param {string} path
 */
function comparison (op, v, path) {
  const field = splitField(v.field, under(path, 'field'))
  const fault = operandFault(op, v[op])
  if (fault) throw new ConditionError(under(path, op), fault)
  return make(op, { field, value: v[op] })
}

/**
 * Says what is wrong with a value that op compares with, or ''.
 * @param {string} op
 * @param {unknown} v
 */
function operandFault (op, v) {
  const text = typeof v === 'string'
  switch (op) {
    case 'is': case 'not':
      return isScalar(v) ? '' : `"${op}" compares with a text, a number, true, false or null.`
    case 'in':
      if (!Array.isArray(v) || !v.every(isScalar)) return '"in" needs a list of texts, numbers, true, false or null.'
      return v.length > maxValues ? `"in" takes at most ${maxValues} values.` : ''
    case 'has':
      return isScalar(v) && v !== null ? '' : '"has" looks for a text, a number, true or false.'
    case 'contains': case 'starts':
      return text ? '' : `"${op}" looks for a text.`
    case 'empty':
      return typeof v === 'boolean' ? '' : '"empty" is true or false.'
  }
  return text || (typeof v === 'number' && isFinite(v)) ? '' : `"${op}" compares with a number or a text.`
}

/**
 * Splits the path of a field at its dots; a backslash stands before a dot or a backslash
 * that belongs to a key.
 * @param {unknown} name
 * @param {string} path
 * @returns {string[]}
 */
function splitField (name, path) {
  if (typeof name !== 'string') throw new ConditionError(path, '"field" needs the key of a field, as text.')
  if (!/^(?:[^\\]|\\[.\\])*$/.test(name)) {
    throw new ConditionError(path, `The field ${JSON.stringify(name)} has a backslash that stands before neither a dot nor a backslash; write two for one.`)
  }
  const keys = ['']
  for (const [part] of name.matchAll(/\\.|[^\\]/gsu)) {
    if (part === '.') keys.push('')
    else keys[keys.length - 1] += part.length > 1 && part[0] === '\\' ? part[1] : part
  }
  if (keys.includes('')) throw new ConditionError(path, `The field ${JSON.stringify(name)} has an empty key; write keys joined by single dots.`)
  if (keys.length > maxKeys) throw new ConditionError(path, `The field of a condition goes at most ${maxKeys} keys deep.`)
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
