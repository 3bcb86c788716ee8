// The place in a type that a path of a record leads to.

import { fieldPlan, rowPlan } from '../crdt/plan.js'
import { isLonger } from '../crdt/value.js'
import { labelOf } from './label.js'
import { problem } from './message.js'
import { step } from './plan.js'
import { childOf, isRequired, rowOf, shapeOf } from './shape.js'
import { check } from './validate.js'

/** @typedef {import('./message.js').Problem} Problem */
/** @typedef {import('./shape.js').Children} Children */

/**
 * @typedef {object} Spot
 * @property {import('../crdt/plan.js').Plan} plan
 * @property {import('./plan.js').Branch|undefined} branch the field, where the type knows one
 * @property {import('./shape.js').Shape} shape
 * @property {Children} children the schemas of its value
 * @property {boolean} required
 * @property {Readonly<import('./facts.js').Facts>} [facts] what a form needs to know, once it was asked for
 * @property {Map<string, Spot>} below the places below that every record has, once they were asked for
 */

/** @typedef {import('./validate.js').Teller} Voice */

/**
 * The spot of the whole record.
 * @param {Voice} by
 * @param {import('./node.js').Node} root
 * @returns {Spot}
 */
export function wholeSpot ({ top }, root) {
  return spotOf(top.plan, top, { must: [root], either: [], bound: false, names: [], closed: false }, true)
}

/**
 * @param {Spot['plan']} plan
 * @param {Spot['branch']} branch
 * @param {Children} children
 * @param {boolean} required
 * @returns {Spot}
 */
function spotOf (plan, branch, children, required) {
  return { plan, branch, children, required, shape: shapeOf(children), below: new Map() }
}

/**
 * Goes along a path of a record: keys, and anything for a row. The problem says where the
 * type has no such place.
 * @param {Voice} by
 * @param {Spot} at
 * @param {readonly string[]} path
 * @returns {{ spot: Spot, problem?: undefined } | { spot?: undefined, problem: Problem }}
 */
export function findSpot (by, at, path) {
  for (const [i, key] of path.entries()) {
    const list = at.plan.strategy === 'list'
    const name = list ? '*' : key
    let next = at.below.get(name)
    if (!next) {
      const found = findBelow(by, at, path.slice(0, i + 1), key)
      if (found.problem) return found
      next = found.spot
      if (list || at.plan.fields && Object.hasOwn(at.plan.fields, key)) at.below.set(name, next)
    }
    at = next
  }
  return { spot: at }
}

/**
 * Takes the last step of a path, from the spot before it.
 * @param {Voice} by
 * @param {Spot} at
 * @param {readonly string[]} path
 * @param {string} key
 * @returns {ReturnType<typeof findSpot>}
 */
function findBelow (by, at, path, key) {
  const branch = step(at.branch, key)
  switch (at.plan.strategy) {
    case 'map': {
      const wrong = keyProblem(by, at, path, key)
      if (wrong) return { problem: wrong }
      return { spot: spotOf(fieldPlan(at.plan, key), branch, childOf(at.shape, key), isRequired(at.shape, key)) }
    }
    case 'list':
      return { spot: spotOf(rowPlan(at.plan), branch, rowOf(at.shape), false) }
  }
  const outer = path.slice(0, -1)
  return { problem: aside(by, outer, path, 'x-merge', labelOf(by.top, outer, by.messages).field, 'parts') }
}

/**
 * A problem that is told with the label of what is around its place.
 * @param {Voice} by
 * @param {readonly string[]} outer
 * @param {readonly string[]} path
 * @param {string} rule
 * @param {string} field
 * @param {string} says
 * @param {string} [text]
 * @returns {Problem}
 */
function aside (by, outer, path, rule, field, says, text) {
  const { path: place } = problem(by, path, rule, { says: 'whole' })
  const { message } = problem(by, outer, rule, { says, key: path.at(-1), text })
  return { path: place, field, rule, message }
}

/**
 * Says why an object can have no such key, undefined when it can.
 * @param {Voice} by
 * @param {Spot} at
 * @param {readonly string[]} path
 * @param {string} key
 */
function keyProblem (by, at, path, key) {
  const outer = path.slice(0, -1)
  const mistake = keyMistake(key)
  if (mistake) return aside(by, outer, path, 'additionalProperties', key, mistake)
  const { closed, names } = childOf(at.shape, key)
  if (closed) return aside(by, outer, path, 'additionalProperties', key, 'noField')
  for (const n of names) {
    const [first] = check(by, n, path, key)
    if (first) return aside(by, outer, path, 'propertyNames', key, 'noKey', first.message)
  }
  return undefined
}

/**
 * Names the sentence that says why a key can be no field's, '' when it can.
 * @param {string} key
 */
function keyMistake (key) {
  if (key === '') return 'emptyKey'
  if (isLonger(key, 128)) return 'longKey'
  if (key === '__proto__') return 'protoKey'
  return /[\0-\x1f\x7f]/.test(key) ? 'controlKey' : ''
}
