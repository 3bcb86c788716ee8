// The titles of choices, which a type gives where they are written as oneOf of const;
// the list of fields has only the values.

import { below, isObject, rootSpot } from '../form/schemas.js'

/** @typedef {import('../app/types.js').Field & {titles?: Map<unknown, string>}} Field a field, with the titles of its choices where they have some */

/** @type {WeakMap<import('../app/types.js').Type, Field[]>} */
const known = new WeakMap()

/**
 * The fields of a type. The same list for the same type.
 * @param {import('../app/types.js').Type} type
 * @returns {Field[]}
 */
export function fieldsOf (type) {
  let fields = known.get(type)
  if (!fields) {
    fields = type.fields.map((f) => f.enum ? { ...f, titles: titles(type.schema, f.path) } : f)
    known.set(type, fields)
  }
  return fields
}

/**
 * @param {unknown} schema
 * @param {string[]} path
 */
function titles (schema, path) {
  const spot = path.reduce((at, key) => below(schema, at, key), rootSpot(schema))
  const branches = spot.must.flatMap((node) => node.oneOf ?? node.anyOf ?? []).filter((one) => isObject(one) && 'const' in one && typeof one.title === 'string')
  return branches.length ? new Map(branches.map((one) => [one.const, one.title])) : undefined
}
