// Whether a value fits a schema, and what is wrong with it in words. The validator answers
// with a flat list of all that failed, parents first; from it the tree is walked again, to
// tell what a person can mend.

import { validate } from '@cfworker/json-schema'
import { labelOf } from './label.js'
import { choiceFacts, factsOf, problem } from './message.js'
import { has } from './node.js'
import { childOf, branchValues, keysOf, same, shapeOf } from './shape.js'
import { compareTexts, isObject } from './texts.js'
import { intersect, typeOfValue, typesOf, unionTypes } from './types.js'

/** @typedef {import('./node.js').Node} Node */
/** @typedef {import('./message.js').Problem} Problem */
/** @typedef {import('@cfworker/json-schema').OutputUnit} Unit */

/** How many problems one answer lists. */
const maxProblems = 100

/**
 * What problems are told with, and what they are added to.
 * @typedef {import('./message.js').Voice & {
 *   lookup: import('./node.js').Lookup,
 *   isSerial: (path: readonly string[]) => boolean,
 *   problems: Problem[]
 * }} Teller
 */

/**
 * One call of the validator: a schema looking at one value.
 * @typedef {object} Call
 * @property {Node} n
 * @property {string} at where the schema is, as the validator says it
 * @property {string} place where the value is, as the validator says it
 * @property {readonly string[]} path the same from the record
 * @property {unknown} value
 */

/**
 * Checks the value at path against one schema.
 * @param {Omit<Teller, 'problems'>} by
 * @param {Node} n
 * @param {readonly string[]} path
 * @param {unknown} value
 * @returns {Problem[]}
 */
export function check (by, n, path, value) {
  const t = { ...by, problems: [] }
  try {
    const { errors } = run(t, n, value)
    if (errors.length > 0) tell(t, { n, at: '#', place: '#', path, value }, errors)
    return tidy(t.problems)
  } catch {
    // No JSON, or more wrong with it than the validator can carry.
    return [problem(by, path, 'type', { says: 'unchecked' })]
  }
}

/**
 * @param {Pick<Teller, 'lookup'>} t
 * @param {Node} n
 * @param {unknown} value
 */
function run ({ lookup }, n, value) { return validate(value, n.emitted, '2020-12', lookup, false) }

/**
 * Sorts problems, leaves out repetitions, and keeps the first hundred.
 * @param {Problem[]} problems
 * @returns {Problem[]}
 */
export function tidy (problems) {
  /** @param {Problem} p */
  const key = p => `${p.path}\0${p.rule}\0${p.message}`
  const once = new Map(problems.map(p => [key(p), p]))
  return [...once].sort(([a], [b]) => compareTexts(a, b)).slice(0, maxProblems).map(([, p]) => p)
}

/**
 * One keyword that failed, with what failed below it.
 * @typedef {object} Failure
 * @property {string} word
 * @property {string} below what the places of units begin with
 * @property {Unit[]} units
 */

/**
 * Takes the errors of one call apart by keyword.
 * @param {Call} c
 * @param {Unit[]} list
 * @returns {Failure[]}
 */
function failures ({ at }, list) {
  const found = []
  for (let i = 0; i < list.length;) {
    const { keyword: word, keywordLocation } = list[i++]
    const from = i
    let below = keywordLocation + '/'
    if (word === 'if') below = `${at}/${list[i].keywordLocation.startsWith(at + '/then/') ? 'then' : 'else'}/`
    while (i < list.length && list[i].keywordLocation.startsWith(below)) i++
    // What an entry lacks to be one that the list must hold is nobody's business.
    if (!keywordLocation.startsWith(at + '/contains/')) found.push({ word, below, units: list.slice(from, i) })
  }
  return certain(found)
}

/**
 * Leaves out what nobody can know or need not be told: of a value of the wrong type all
 * else; and what is left over (unevaluated…) as long as something else is wrong.
 * @param {Failure[]} found
 */
function certain (found) {
  const type = found.find(f => f.word === 'type')
  if (type) return [type]
  const rest = found.filter(f => !f.word.startsWith('unevaluated'))
  return rest.length > 0 ? rest : found
}

/**
 * Walks the errors of one call down to what is really wrong.
 * @param {Teller} t
 * @param {Call} c
 * @param {Unit[]} list
 */
function tell (t, c, list) {
  if (c.n.never) return tellNever(t, c)
  for (const failure of failures(c, list)) tellFailure(t, c, failure)
}

/**
 * @param {Teller} t
 * @param {Call} c
 * @param {Failure} failure
 */
function tellFailure (t, c, failure) {
  const { n } = c
  const { word, below, units } = failure
  switch (word) {
    case '$ref':
      return tell(t, { ...c, n: /** @type {Node} */ (n.ref), at: c.at + '/$ref' }, units)
    case 'if': {
      const at = below.slice(0, -1)
      return tell(t, { ...c, n: n.one[at.slice(c.at.length + 1)], at }, units)
    }
    case 'allOf':
      return split(failure).forEach((list, i) => tell(t, { ...c, n: n.many.allOf[+i], at: below + i }, list))
    case 'dependentSchemas':
      return split(failure).forEach((list, key) => tell(t, { ...c, n: n.named[word][decode(key)], at: below + key }, list))
    case 'anyOf': case 'oneOf':
      return tellBranches(t, c, failure)
    case 'required':
      return tellRequired(t, c)
    case 'dependentRequired':
      return tellDependent(t, c)
    case 'contains': case 'minContains': case 'maxContains':
      return tellContains(t, c)
  }
  if (units.length > 0 && word !== 'not') return tellInside(t, c, failure)
  t.problems.push(problem(t, c.path, word, factsOf(n, word, c.value)))
}

/**
 * Splits what failed below a keyword by the next step.
 * @param {Failure} failure
 * @returns {Map<string, Unit[]>}
 */
function split ({ below, units }) {
  /** @type {Map<string, Unit[]>} */
  const lists = new Map()
  for (const unit of units) {
    const step = unit.keywordLocation.slice(below.length).split('/', 1)[0]
    const list = lists.get(step)
    if (list) list.push(unit)
    else lists.set(step, [unit])
  }
  return lists
}

/**
 * Goes into the property, the item or the key that a keyword is about.
 * @param {Teller} t
 * @param {Call} c
 * @param {Failure} failure
 */
function tellInside (t, c, { word, below, units }) {
  const step = units[0].instanceLocation.slice(c.place.length + 1).split('/', 1)[0]
  const key = decode(step)
  const part = units[0].keywordLocation.slice(below.length).split('/', 1)[0]
  const parts = c.n.named[word] ?? c.n.many[word]
  const value = word === 'propertyNames' ? key : /** @type {Record<string, unknown>} */ (c.value)[key]
  const n = parts ? /** @type {Record<string, Node>} */ (parts)[decode(part)] : c.n.one[word]
  tell(t, { n, at: parts ? below + part : below.slice(0, -1), place: `${c.place}/${step}`, path: [...c.path, key], value }, units)
}

/**
 * Reads a step of the validator's places.
 * @param {string} step
 */
function decode (step) { return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~') }

/**
 * Tells each missing key at the place where it should be, so that a form can show it
 * beside the field. A number that the server gives is not missed.
 * @param {Teller} t
 * @param {Call} c
 */
function tellRequired (t, { n, path, value }) {
  for (const key of /** @type {string[]} */ (n.words.required)) {
    const place = [...path, key]
    if (!Object.hasOwn(/** @type {object} */ (value), key) && !t.isSerial(place)) t.problems.push(problem(t, place, 'required'))
  }
}

/**
 * Tells each key that is missing because of another.
 * @param {Teller} t
 * @param {Call} c
 */
function tellDependent (t, { n, path, value }) {
  const object = /** @type {object} */ (value)
  for (const [other, list] of Object.entries(/** @type {Record<string, string[]>} */ (n.words.dependentRequired))) {
    for (const key of Object.hasOwn(object, other) ? list : []) {
      if (!Object.hasOwn(object, key)) t.problems.push(problem(t, [...path, key], 'dependentRequired', { text: labelOf(t.top, [...path, other], t.messages).name }))
    }
  }
}

/**
 * @param {Teller} t
 * @param {Call} c
 */
function tellContains (t, { n, path, value }) {
  const list = /** @type {unknown[]} */ (value)
  const { minContains: least = 1, maxContains: most = Infinity } = /** @type {Record<string, number>} */ (n.words)
  const held = list.filter(item => run(t, n.one.contains, item).valid).length
  const few = has(n, 'minContains') ? 'minContains' : 'contains'
  if (held < least) t.problems.push(problem(t, path, few, factsOf(n, few, value)))
  if (held > most) t.problems.push(problem(t, path, 'maxContains', factsOf(n, 'maxContains', value)))
}

/**
 * Tells a value where the schema is false.
 * @param {Teller} t
 * @param {Call} c
 */
function tellNever (t, { n, path }) {
  const told = /^(unevaluated|additional)Properties$|^(unevaluatedI|i)tems$/.test(n.holder)
  t.problems.push(problem(t, path, told ? n.holder : 'false'))
}

/**
 * Tells what the branch that comes nearest lacks.
 * @param {Teller} t
 * @param {Call} c
 * @param {Failure} failure
 */
function tellBranches (t, c, failure) {
  const { word, below } = failure
  const branches = c.n.many[word]
  const lists = split(failure)
  if (lists.size < branches.length) {
    t.problems.push(problem(t, c.path, word, { says: 'severalOf' }))
    return
  }
  const values = branchValues(branches)
  if (values) {
    t.problems.push(problem(t, c.path, 'enum', choiceFacts(values, c.value)))
    return
  }
  /** @type {Problem[]} */
  let best = []
  for (const [i, list] of lists) {
    const n = branches[+i]
    if (isWrongKind(n, c.value)) continue
    const branch = { ...t, problems: [] }
    tell(branch, { ...c, n, at: below + i }, list)
    const found = tidy(branch.problems)
    if (best.length === 0 || found.length < best.length) best = found
  }
  if (best.length === 0) best = [problem(t, c.path, word, { types: unionTypes(branches) })]
  t.problems.push(...best)
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
