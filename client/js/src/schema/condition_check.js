// Whether a condition fits a type.

import { ConditionError, isGroup, joinField, under } from './condition_parse.js'

/** @typedef {import('./condition.js').Condition} Condition */
/** @typedef {import('./condition.js').Fields} Fields */
/** @typedef {import('./plan.js').Field} Field */

/**
 * Checks that each field of a condition exists and that the comparison makes sense for it.
 * A value that an enum or a bound forbids is no fault: older records may hold it.
 * @param {Condition|undefined} c
 * @param {Fields} schema
 * @param {string} [path] where the condition stands
 * @throws {ConditionError} that names the first thing wrong
 */
export function check (c, schema, path = '') {
  if (!c || c.op === 'true' || c.op === 'false') return
  if (isGroup(c.op)) {
    c.subs.forEach((sub, i) => check(sub, schema, under(under(path, c.op), String(i))))
    return
  }
  for (let depth = 1; depth < c.field.length; depth++) {
    const outer = schema.field(c.field.slice(0, depth))
    if (outer?.type === 'array') {
      throw new ConditionError(under(path, 'field'), `${outer.title} is a list, and a condition cannot look into one; use "has" or "empty" with the list itself.`)
    }
  }
  const field = schema.field(c.field)
  if (!field) {
    throw new ConditionError(under(path, 'field'), `There is no field ${JSON.stringify(joinField(c.field))} here; use the key of one of the type's fields.`)
  }
  const fault = faultOf(c, field)
  if (fault) throw new ConditionError(under(path, c.op), fault)
}

/**
 * Says why the comparison makes no sense for the field, or ''.
 * @param {Condition} c
 * @param {Field} field
 */
function faultOf (c, field) {
  const { type, title } = field
  switch (c.op) {
    case 'is': case 'not':
      return valueFault(field, c.value)
    case 'in':
      return /** @type {unknown[]} */ (c.value).map(v => valueFault(field, v)).find(Boolean) ?? ''
    case 'above': case 'below': case 'from': case 'to':
      return type === 'boolean' || type === 'null' ? `${title} has no order; compare it with "is" or "not".` : valueFault(field, c.value)
    case 'has':
      return type === 'array' || type === 'any' ? '' : `${title} is no list; compare it with "is" or "in".`
    case 'contains': case 'starts':
      return type === 'string' || type === 'any' ? '' : `${title} is no text, so "${c.op}" cannot look into it.`
  }
  return ''
}

/** @type {Record<string, string>} */
const typeWords = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', null: 'always empty' }

/**
 * Says why the field can never equal v or be in order with it, or ''.
 * @param {Field} field
 * @param {unknown} v
 */
function valueFault ({ type, title }, v) {
  if (v === null || type === 'any') return ''
  if (type === 'array') return `${title} is a list; use "has" or "empty" with it.`
  if (type === 'object') return `${title} is a group of fields; compare one of them, with a dot between the keys.`
  if (typeof v === (type === 'integer' ? 'number' : type)) return ''
  return `${title} is ${typeWords[type]}; ${JSON.stringify(v)} is not.`
}
