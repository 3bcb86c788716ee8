// From what was found to the problem that a person reads.

import { canonical } from '../crdt/canonical.js'
import { codePoints, isLonger } from '../crdt/value.js'
import { labelOf, ownError } from './label.js'
import { sentences } from './messages.js'
import { ownValues } from './shape.js'
import { isObject, pointer } from './texts.js'
import { ownTypes, typeOfValue } from './types.js'

/** @typedef {import('./node.js').Node} Node */
/** @typedef {import('./messages.js').Facts} Facts */

/**
 * One thing about a value that breaks the schema.
 * @typedef {object} Problem
 * @property {string} path JSON Pointer into the value, '' for the whole
 * @property {string} field the label of the nearest field
 * @property {string} rule the keyword: required, enum, maximum, …
 * @property {string} message a sentence for the person who typed it
 * @property {unknown} [limit] what the keyword says
 */

const mostValues = 20
const mostShown = 60

/**
 * What a problem is told with.
 * @typedef {object} Voice
 * @property {import('./plan.js').Branch} top
 * @property {import('./schema.js').Messages} messages
 */

/**
 * Makes the problem at a path of a record.
 * @param {Voice} voice
 * @param {readonly string[]} path
 * @param {string} rule
 * @param {Partial<Facts> & { says?: string }} [facts] says: the name of the sentence, where it is not the rule's
 * @returns {Problem}
 */
export function problem ({ top, messages }, path, rule, { says = rule, ...facts } = {}) {
  const { name, field } = labelOf(top, path, messages)
  const say = messages.sentences[says] ?? sentences[says]
  /** @type {Problem} */
  const found = { path: pointer(path), field, rule, message: say(/** @type {Facts} */ ({ label: name, key: path.at(-1), ...facts })) }
  if (facts.limit !== undefined) found.limit = facts.limit
  return found
}

/**
 * Makes the problem of what was typed, in the words that the type has for it where it has
 * some.
 * @type {typeof problem}
 */
export function ownProblem (by, path, rule, facts) {
  const found = problem(by, path, rule, facts)
  found.message = ownError(by.top, path) || found.message
  return found
}

/**
 * The facts of a keyword of n that a value breaks.
 * @param {Node} n
 * @param {string} rule
 * @param {unknown} value
 * @returns {Partial<Facts>}
 */
export function factsOf (n, rule, value) {
  return {
    ...valueFacts(value),
    ...(rule === 'enum' || rule === 'const' ? choiceFacts(ownValues(n) ?? [], value) : undefined),
    limit: n.words[rule],
    types: rule === 'type' ? ownTypes(n) : [],
    hint: hint(n.words.description)
  }
}

/**
 * The facts of a choice.
 * @param {unknown[]} values
 * @param {unknown} value
 * @param {(string|undefined)[]} [titles] the labels of the values
 * @returns {Partial<Facts>}
 */
export function choiceFacts (values, value, titles = []) {
  return {
    ...valueFacts(value),
    limit: values,
    values: values.slice(0, mostValues).map((v, i) => titles[i] || text(v).replace(/^"+|"+$/g, '')),
    more: Math.max(0, values.length - mostValues)
  }
}

/**
 * @param {unknown} value
 * @returns {Partial<Facts>}
 */
function valueFacts (value) {
  return { value, got: typeOfValue(value), shown: shown(value), count: size(value) }
}

/** @param {unknown} value */
function size (value) {
  if (typeof value === 'string') return codePoints(value)
  return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0
}

/**
 * A value as it can stand in a sentence.
 * @param {unknown} value
 */
function shown (value) {
  if (typeof value === 'object' && value !== null) return undefined
  const all = text(value)
  if (all.length <= mostShown) return all
  const cut = [...all.slice(0, 2 * mostShown + 1)]
  return cut.length > mostShown ? cut.slice(0, mostShown).join('') + '…' : all
}

/** @param {unknown} value */
function text (value) { return canonical(/** @type {import('../crdt/value.js').Value} */ (value)) }

/**
 * A description of the form, to explain a pattern that nobody who fills in forms should
 * have to read.
 * @param {unknown} description
 */
function hint (description) {
  return typeof description === 'string' && !isLonger(description, 120) ? description.replace(/\.$/, '') : ''
}
