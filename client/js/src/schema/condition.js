// The small JSON language of filters, views, row rules, subscriptions and form logic. What
// it means is said once, at Condition in Go, and pinned by schema/testdata/conditions,
// which this runs too. This file is the language's door: what others need is named here.

export { parseCondition, conditionValue, ConditionError } from './condition_parse.js'
export { matches, resolve } from './condition_match.js'
export { check } from './condition_check.js'
export { sentence } from './condition_sentence.js'

/**
 * A condition that was read. Immutable; undefined stands for one that is always true.
 * @typedef {object} Condition
 * @property {string} op all any none · is not in above below from to has contains starts empty · true false
 * @property {readonly string[]} field the keys on the way to the field; none for groups, true and false
 * @property {unknown} value what it is compared with: a scalar, or for in a list of scalars
 * @property {readonly Condition[]} subs of all, any, none
 */

/**
 * What $me, $now and $today stand for.
 * @typedef {object} Vars
 * @property {string} me the acting person's sign-in name, '' when nobody is signed in
 * @property {number} now ms since 1970
 */

/**
 * What a condition asks of a type: the fields it knows. A Schema is one.
 * @typedef {object} Fields
 * @property {(path: readonly string[]) => import('./plan.js').Field|undefined} field
 */
