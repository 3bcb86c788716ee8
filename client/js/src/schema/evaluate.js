// Whether a value fits a schema: JSON Schema 2020-12 as far as a type may use it. A value is
// first only judged, which keeps nothing and ends at the first thing wrong; only of one that
// does not fit all that is wrong is gathered. So each schema looks at each value at most
// twice, whatever joins what; and as a type has no schema that leads back to itself at one
// place, a look goes no deeper than the value.

import { schemasOf } from './node.js'
import { allTypes, typeOfValue } from './types.js'

/** @typedef {import('./node.js').Node} Node */

/**
 * One keyword that a value breaks.
 * @typedef {object} Failure
 * @property {Node} n the schema that has it
 * @property {string} word 'false' for the schema that nothing fits
 * @property {readonly string[]} path where the value is, from the record
 * @property {unknown} value
 * @property {[n: Node, found: Failure[]][]} branches where none of anyOf or oneOf fits: what each finds
 */

/**
 * One look at a value.
 * @typedef {object} Look
 * @property {string[]} path
 * @property {Failure[]} [found] where what is wrong goes; none while it is only judged
 */

/** How deep a value may be: far more than any record, far less than the stack. */
const deepest = 500

/**
 * Gathers what is wrong with the value at path; nothing where it fits.
 * @param {Node} n
 * @param {readonly string[]} path
 * @param {unknown} value
 * @returns {Failure[]}
 * @throws where it is no JSON, or goes in a circle
 */
export function failures (n, path, value) {
  /** @type {Look} */
  const look = { path: [...path] }
  if (fits(look, n, value)) return []
  look.found = []
  fits(look, n, value)
  return look.found
}

/**
 * @param {Look} look
 * @param {Node} n
 * @param {string} word
 * @param {unknown} value
 * @param {Failure['branches']} [branches]
 */
function fail (look, n, word, value, branches = []) {
  look.found?.push({ n, word, path: [...look.path], value, branches })
  return false
}

/**
 * Whether a value fits. Of one of the wrong type nothing else is asked; and what is left
 * over (unevaluated…) is known only once all else fits.
 * @param {Look} look
 * @param {Node} n
 * @param {unknown} value
 * @param {Set<string>} [seen] gets the keys that a schema which fits has looked at, where that matters
 * @returns {boolean}
 */
function fits (look, n, value, seen) {
  const kind = typeOfValue(value)
  if (!allTypes.includes(kind)) throw new TypeError(kind)
  if (n.never) return fail(look, n, 'false', value)
  if (n.types && !n.types.includes(kind) && !(Number.isInteger(value) && n.types.includes('integer'))) return fail(look, n, 'type', value)
  const left = kind === 'object' ? n.one.unevaluatedProperties : kind === 'array' ? n.one.unevaluatedItems : undefined
  /** @type {Set<string>|undefined} */
  const own = seen || left ? new Set() : undefined
  let ok = true
  for (const { word, kind: of, passes } of n.rules) {
    if ((!of || of === kind) && !passes(value)) ok = fail(look, n, word, value)
  }
  if (ok || look.found) ok = fitsJoined(look, n, value, own) && ok
  if (ok || look.found) {
    if (kind === 'object') ok = fitsKeys(look, n, /** @type {Record<string, unknown>} */ (value), own) && ok
    if (kind === 'array') ok = fitsItems(look, n, /** @type {unknown[]} */ (value), own) && ok
  }
  if (ok && left) {
    for (const [key, inner] of Object.entries(/** @type {object} */ (value))) {
      if (!own?.has(key)) ok = fitsBelow(look, left, key, inner) && ok
      own?.add(key)
    }
  }
  if (ok && seen) own?.forEach(key => seen.add(key))
  return ok
}

/**
 * Whether a value fits the schemas that are joined to one.
 * @param {Look} look
 * @param {Node} n
 * @param {unknown} value
 * @param {Set<string>|undefined} seen
 */
function fitsJoined (look, n, value, seen) {
  const { one: { not, if: first, then, else: other }, many: { allOf = [], anyOf, oneOf }, named: { dependentSchemas } } = n
  let ok = !n.ref || fits(look, n.ref, value, seen)
  for (const sub of allOf) ok = fits(look, sub, value, seen) && ok
  if (anyOf) ok = fitsBranches(look, n, 'anyOf', value, seen) && ok
  if (oneOf) ok = fitsBranches(look, n, 'oneOf', value, seen) && ok
  if (not && judge(look, not, value)) ok = fail(look, n, 'not', value)
  if (first) {
    const next = judge(look, first, value, seen) ? then : other
    if (next) ok = fits(look, next, value, seen) && ok
  }
  if (dependentSchemas && typeOfValue(value) === 'object') {
    for (const key of Object.keys(dependentSchemas)) {
      if (Object.hasOwn(/** @type {object} */ (value), key)) ok = fits(look, dependentSchemas[key], value, seen) && ok
    }
  }
  return ok
}

/**
 * Whether a value fits, with nothing gathered.
 * @param {Look} look
 * @param {Node} n
 * @param {unknown} value
 * @param {Set<string>} [seen]
 */
function judge (look, n, value, seen) {
  const { found } = look
  look.found = undefined
  const ok = fits(look, n, value, seen)
  look.found = found
  return ok
}

/**
 * Whether a value fits one of the branches, of oneOf no more than one.
 * @param {Look} look
 * @param {Node} n
 * @param {'anyOf'|'oneOf'} word
 * @param {unknown} value
 * @param {Set<string>|undefined} seen
 */
function fitsBranches (look, n, word, value, seen) {
  const { found } = look
  /** @type {Failure['branches']} */
  const failed = []
  let held = 0
  for (const sub of n.many[word]) {
    look.found = found && []
    if (fits(look, sub, value, seen)) held++
    else failed.push([sub, look.found ?? []])
    if (word === 'oneOf' ? held > 1 : held && !seen) break
  }
  look.found = found
  return held === 1 || (held > 1 && word === 'anyOf') || fail(look, n, word, value, held ? [] : failed)
}

/**
 * @param {Look} look
 * @param {Node} n
 * @param {Record<string, unknown>} object
 * @param {Set<string>|undefined} seen
 */
function fitsKeys (look, n, object, seen) {
  const { propertyNames } = n.one
  let ok = true
  for (const key of Object.keys(object)) {
    for (const sub of schemasOf(n, key)) {
      ok = fitsBelow(look, sub, key, object[key]) && ok
      seen?.add(key)
    }
    if (propertyNames) ok = fitsBelow(look, propertyNames, key, key) && ok
    if (!ok && !look.found) break
  }
  return ok
}

/**
 * @param {Look} look
 * @param {Node} n
 * @param {unknown[]} list
 * @param {Set<string>|undefined} seen
 */
function fitsItems (look, n, list, seen) {
  const { one: { items, contains }, many: { prefixItems = [] } } = n
  let ok = true
  let held = 0
  for (const [i, item] of list.entries()) {
    const key = String(i)
    const sub = prefixItems[i] ?? items
    if (sub) ok = fitsBelow(look, sub, key, item) && ok
    const holds = contains && judge(look, contains, item)
    if (holds) held++
    if (sub || holds) seen?.add(key)
    if (!ok && !look.found) return false
  }
  if (!contains) return ok
  const { minContains, maxContains = Infinity } = /** @type {Record<string, number|undefined>} */ (n.words)
  if (held < (minContains ?? 1)) ok = fail(look, n, minContains === undefined ? 'contains' : 'minContains', list)
  if (held > maxContains) ok = fail(look, n, 'maxContains', list)
  return ok
}

/**
 * Whether what is at a key of the value fits, or the key itself.
 * @param {Look} look
 * @param {Node} n
 * @param {string} key
 * @param {unknown} value
 */
function fitsBelow (look, n, key, value) {
  if (look.path.push(key) > deepest) throw new RangeError()
  const ok = fits(look, n, value)
  look.path.pop()
  return ok
}
