// A condition in words, for a person who reads a view or a rule.

import { isGroup, joinField } from './condition_parse.js'

/** @typedef {import('./condition.js').Condition} Condition */
/** @typedef {import('./condition.js').Fields} Fields */
/** @typedef {import('./plan.js').Field} Field */

// How many values of an in the sentence spells out.
const most = 5

/**
 * The words a sentence is made of. Another language gives its own, and whoever shows values in
 * a way of their own gives that.
 * @typedef {typeof english} ConditionWords
 */
export const english = {
  always: 'always',
  never: 'never',
  and: ' and ',
  or: ' or ',
  /** @param {string} inner */
  not: inner => `not (${inner})`,
  /** @type {Record<string, string>} */
  ops: {
    is: 'is', not: 'is not', has: 'has', contains: 'contains', starts: 'begins with', above: 'is above', below: 'is below', from: 'is at least', to: 'is at most'
  },
  /** @type {Record<string, string>} of dates and times */
  times: { above: 'is after', below: 'is before', from: 'is not before', to: 'is not after' },
  empty: 'is empty',
  filled: 'is filled in',
  noValue: 'has no value',
  aValue: 'has a value',
  nothing: 'is one of nothing',
  /** @param {string[]} list at least two */
  oneOf: list => `is ${list.slice(0, -1).join(', ')} or ${list.at(-1)}`,
  /** @param {number} n */
  more: n => `${n} more`,
  /** @type {Record<string, string>} values that are said, not shown */
  values: { '"$me"': 'me', '"$now"': 'now', '"$today"': 'today', true: 'yes', false: 'no', null: 'no value' },
  /** @type {Record<string, string>} comparisons that their parts do not make, such as `is "$me"` */
  whole: {},
  /**
   * Shows a value that is not said.
   * @param {unknown} value
   * @param {string|undefined} title the label of a choice
   * @param {Field|undefined} _field that the value is compared with
   */
  show: (value, title, _field) => JSON.stringify(title || value)
}

/**
 * Says the condition in words, with the labels of the schema:
 * `Assignee is me and Status is not "done"`. It has no full stop.
 * @param {Condition|undefined} c
 * @param {Fields} [schema]
 * @param {ConditionWords} [words]
 * @returns {string}
 */
export function sentence (c, schema, words = english) {
  return say(c, schema, words)[0]
}

/**
 * The sentence, and the word that joins its parts, '' where it has none.
 * @param {Condition|undefined} c
 * @param {Fields|undefined} schema
 * @param {ConditionWords} words
 * @returns {[text: string, joint: string]}
 */
function say (c, schema, words) {
  if (!c || c.op === 'true') return [words.always, '']
  if (c.op === 'false') return [words.never, '']
  if (!isGroup(c.op)) return [`${label(c, schema)} ${predicate(c, schema, words)}`, '']
  if (c.subs.length === 0) return [c.op === 'any' ? words.never : words.always, '']
  const joint = c.op === 'all' ? words.and : words.or
  const said = c.subs.map(sub => say(sub, schema, words))
  /** @type {[string, string]} */
  const joined = said.length === 1
    ? said[0]
    : [said.map(([text, inner]) => inner && inner !== joint ? `(${text})` : text).join(joint), joint]
  return c.op === 'none' ? [words.not(joined[0]), ''] : joined
}

/**
 * Names the field by the labels on the way to it.
 * @param {Condition} c
 * @param {Fields|undefined} schema
 */
function label (c, schema) {
  const labels = []
  for (const [i, key] of c.field.entries()) {
    const field = schema?.field(c.field.slice(0, i + 1))
    if (!field) return joinField(c.field)
    labels.push(field.path.at(-1) === '*' ? key : field.title)
  }
  return labels.join(' › ')
}

/**
 * Says the comparison without its field.
 * @param {Condition} c
 * @param {Fields|undefined} schema
 * @param {ConditionWords} words
 */
function predicate (c, schema, words) {
  const { op, value } = c
  if (op === 'empty') return value ? words.empty : words.filled
  const field = schema?.field(c.field)
  if (op === 'in') return membership(/** @type {unknown[]} */ (value), words, field)
  if (op === 'is' || op === 'not') return equality(op, value, words, field)
  const whole = words.whole[`${op} ${JSON.stringify(value)}`]
  if (whole) return whole
  const moment = ['$me', '$now', '$today'].includes(String(value)) || /^(date|date-time|time)$/.test(field?.format ?? '')
  return `${(moment && words.times[op]) || words.ops[op]} ${shown(value, words, field, op === 'has')}`
}

/**
 * @param {string} op
 * @param {unknown} v
 * @param {ConditionWords} words
 * @param {Field|undefined} field
 */
function equality (op, v, words, field) {
  if (v === null) return op === 'is' ? words.noValue : words.aValue
  return words.whole[`${op} ${JSON.stringify(v)}`] ?? `${words.ops[op]} ${shown(v, words, field)}`
}

/**
 * @param {unknown[]} list
 * @param {ConditionWords} words
 * @param {Field|undefined} field
 */
function membership (list, words, field) {
  if (list.length === 0) return words.nothing
  if (list.length === 1) return equality('is', list[0], words, field)
  const said = (list.length > most + 1 ? list.slice(0, most) : list).map(v => shown(v, words, field))
  if (said.length < list.length) said.push(words.more(list.length - said.length))
  return words.oneOf(said)
}

/**
 * Says a value as a person would.
 * @param {unknown} v
 * @param {ConditionWords} words
 * @param {Field|undefined} field
 * @param {boolean} [labelled] a choice is said by its label
 */
function shown (v, words, field, labelled = true) {
  const title = labelled ? field?.options?.find(({ value }) => value === v)?.title : undefined
  return (title ? undefined : words.values[JSON.stringify(v)]) ?? words.show(v, title, field)
}
