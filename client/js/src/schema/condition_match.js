// Whether a condition is true of a record.

import { always, isGroup, make, never } from './condition_parse.js'
import { compareTexts, isObject, lower } from './texts.js'

/** @typedef {import('./condition.js').Condition} Condition */
/** @typedef {import('./condition.js').Vars} Vars */

/**
 * The condition with $me, $now and $today replaced. When nobody is signed in, $me is
 * nobody: every comparison with it is false ("not" is true), an "in" goes without it.
 * @param {Condition|undefined} c
 * @param {Vars} vars
 * @returns {Condition}
 */
export function resolve (c, vars) {
  if (!c) return always
  if (isGroup(c.op)) return make(c.op, { subs: c.subs.map(sub => resolve(sub, vars)) })
  if (Array.isArray(c.value)) {
    return make(c.op, { field: c.field, value: c.value.map(v => meant(v, vars)).filter(v => v !== undefined) })
  }
  if (typeof c.value !== 'string') return c
  const value = meant(c.value, vars)
  if (value === undefined) return c.op === 'not' ? always : never
  return make(c.op, { field: c.field, value })
}

/**
 * What a value stands for; undefined for $me when nobody is signed in.
 * @param {unknown} v
 * @param {Vars} vars
 */
function meant (v, { me, now }) {
  switch (v) {
    case '$me': return me || undefined
    case '$now': return new Date(now).toISOString()
    case '$today': return new Date(now).toISOString().slice(0, 10)
  }
  return v
}

/**
 * Whether the condition is true of a record's value. Give vars, or resolve it before;
 * whoever asks this of many records resolves once.
 * @param {Condition|undefined} c
 * @param {Record<string, unknown>} value
 * @param {Vars} [vars]
 * @returns {boolean}
 */
export function matches (c, value, vars) {
  if (!c) return true
  if (vars) c = resolve(c, vars)
  switch (c.op) {
    case 'true': return true
    case 'false': return false
    case 'all': return c.subs.every(sub => matches(sub, value))
    case 'any': return c.subs.some(sub => matches(sub, value))
    case 'none': return !c.subs.some(sub => matches(sub, value))
  }
  return compare(c, lookUp(value, c.field))
}

/**
 * The field's value, null where it is absent: no comparison tells the two apart.
 * @param {unknown} v
 * @param {readonly string[]} path
 * @returns {unknown}
 */
function lookUp (v, path) {
  for (const key of path) {
    if (!isObject(v) || !Object.hasOwn(v, key)) return null
    v = v[key]
  }
  return v ?? null
}

/**
 * @param {Condition} c
 * @param {unknown} v what the field holds
 */
function compare ({ op, value }, v) {
  switch (op) {
    // A list or an object is never the same thing as an operand, which is a scalar.
    case 'is': return v === value
    case 'not': return v !== value
    case 'in': return /** @type {unknown[]} */ (value).includes(v)
    case 'has': return Array.isArray(v) && v.includes(value)
    case 'contains': return typeof v === 'string' && lower(v).includes(lower(String(value)))
    case 'starts': return typeof v === 'string' && lower(v).startsWith(lower(String(value)))
    case 'empty': return (v === null || v === '' || (Array.isArray(v) && v.length === 0)) === value
  }
  const order = typeof v === 'number' && typeof value === 'number'
    ? v - value
    : typeof v === 'string' && typeof value === 'string' ? compareTexts(v, value) : NaN
  switch (op) {
    case 'above': return order > 0
    case 'below': return order < 0
    case 'from': return order >= 0
  }
  return order <= 0
}
