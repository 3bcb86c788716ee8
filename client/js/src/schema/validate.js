// Whether a value fits a schema, and what is wrong with it in words that tell what a person
// can mend.

import { failures } from './evaluate.js'
import { labelOf } from './label.js'
import { choiceFacts, factsOf, ownProblem, problem } from './message.js'
import { has } from './node.js'
import { branchTitles, branchValues, childOf, keysOf, shapeOf } from './shape.js'
import { compareTexts, isObject, same } from './texts.js'
import { intersect, typeOfValue, typesOf, unionTypes } from './types.js'

/** @typedef {import('./evaluate.js').Failure} Failure */
/** @typedef {import('./node.js').Node} Node */
/** @typedef {import('./message.js').Problem} Problem */

/** How many problems one answer lists. */
const maxProblems = 100

/**
 * What problems are told with.
 * @typedef {import('./message.js').Voice & { isSerial: (path: readonly string[]) => boolean }} Teller
 */

/**
 * Checks the value at path against one schema.
 * @param {Teller} by
 * @param {Node} n
 * @param {readonly string[]} path
 * @param {unknown} value
 * @returns {Problem[]}
 */
export function check (by, n, path, value) {
  try {
    return tellAll(by, failures(n, path, value))
  } catch {
    // No JSON, or something in a circle.
    return [problem(by, path, 'type', { says: 'unchecked' })]
  }
}

/**
 * Sorts problems, leaves out repetitions, and keeps the first hundred. Two rules can be
 * told in one sentence, the type's own above all: it is said once.
 * @param {Problem[]} problems
 * @returns {Problem[]}
 */
export function tidy (problems) {
  /** @param {Problem} p */
  const key = p => `${p.path}\0${p.rule}\0${p.message}`
  const sorted = problems.map(p => /** @type {[string, Problem]} */ ([key(p), p])).sort(([a], [b]) => compareTexts(b, a))
  const once = new Map(sorted.map(([, p]) => [`${p.path}\0${p.message}`, p]))
  return [...once.values()].sort((a, b) => compareTexts(key(a), key(b))).slice(0, maxProblems)
}

/**
 * @param {Teller} by
 * @param {Failure[]} found
 */
function tellAll (by, found) { return tidy(found.flatMap(f => tell(by, f))) }

/**
 * Tells what one keyword found. Each missing key is told at the place where it should be,
 * so that a form can show it beside the field; a number that the server gives is not missed.
 * @param {Teller} by
 * @param {Failure} failure
 * @returns {Problem[]}
 */
function tell (by, failure) {
  const { n, word, path, value } = failure
  /** @param {string[]} keys */
  const missing = keys => keys.filter(key => !Object.hasOwn(/** @type {object} */ (value), key)).map(key => [...path, key])
  switch (word) {
    case 'false':
      return [problem(by, path, /^(unevaluated|additional)Properties$|^(unevaluatedI|i)tems$/.test(n.holder) ? n.holder : word)]
    case 'required':
      return missing(/** @type {string[]} */ (n.words[word])).filter(place => !by.isSerial(place)).map(place => problem(by, place, word))
    case 'dependentRequired':
      return Object.entries(/** @type {Record<string, string[]>} */ (n.words[word])).flatMap(([other, keys]) =>
        missing([other]).length > 0 ? [] : missing(keys).map(place => problem(by, place, word, { text: labelOf(by.top, [...path, other], by.messages).name })))
    case 'anyOf': case 'oneOf':
      return tellBranches(by, failure)
  }
  return [ownProblem(by, path, word, factsOf(n, word, value))]
}

/**
 * Tells what the branch that comes nearest lacks.
 * @param {Teller} by
 * @param {Failure} failure
 * @returns {Problem[]}
 */
function tellBranches (by, { n, word, path, value, branches }) {
  if (branches.length === 0) return [ownProblem(by, path, word, { says: 'severalOf' })]
  const values = branchValues(n.many[word])
  if (values) return [ownProblem(by, path, 'enum', choiceFacts(values, value, branchTitles(n.many[word])))]
  /** @type {Problem[]} */
  let best = []
  for (const [branch, list] of branches) {
    if (isWrongKind(branch, value)) continue
    const found = tellAll(by, list)
    if (best.length === 0 || found.length < best.length) best = found
  }
  return best.length > 0 ? best : [ownProblem(by, path, word, { types: unionTypes(n.many[word]) })]
}

/**
 * Whether a branch is not even for this kind of value, or for objects that say in another
 * way what they are.
 * @param {Node} n
 * @param {unknown} value
 */
function isWrongKind (n, value) {
  if (intersect(typesOf([n]), [typeOfValue(value)]).length === 0) return true
  if (!isObject(value)) return false
  const shape = shapeOf({ must: [n], either: [] })
  return [...keysOf(shape)].some(key => Object.hasOwn(value, key) &&
    childOf(shape, key).must.some(c => has(c, 'const') && !same(c.words.const, value[key])))
}
