// The JSON types that schemas allow together.

import { ownValues, together } from './shape.js'

/** @typedef {import('./node.js').Node} Node */

/** The types there are; an integer is a number. */
export const allTypes = ['array', 'boolean', 'null', 'number', 'object', 'string']

/**
 * The types that a value can have that must meet all of the schemas. within guards against
 * schemas that refer to each other.
 * @param {readonly Node[]} nodes
 * @param {readonly Node[]} [within]
 * @returns {string[]}
 */
export function typesOf (nodes, within = []) {
  let types = allTypes
  for (const n of together(nodes)) {
    if (within.includes(n)) continue
    types = intersect(types, ownTypes(n))
    for (const word of ['anyOf', 'oneOf']) {
      if (n.many[word]) types = intersect(types, unionTypes(n.many[word], [...within, n]))
    }
  }
  return types
}

/**
 * The types that one of the schemas allows.
 * @param {readonly Node[]} nodes
 * @param {readonly Node[]} [within]
 */
export function unionTypes (nodes, within) { return unite(nodes.flatMap(n => typesOf([n], within))) }

/**
 * The types that n itself allows: by its type, or else its values.
 * @param {Node} n
 * @returns {string[]}
 */
export function ownTypes (n) {
  const { type } = n.words
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return unite(type)
  if (n.never) return []
  return unite(ownValues(n)?.map(typeOfValue) ?? allTypes)
}

/** @param {unknown} v */
export function typeOfValue (v) { return v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v }

/**
 * The types in both.
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
export function intersect (a, b) {
  /** @param {readonly string[]} list @param {string} t */
  const holds = (list, t) => list.includes(t) || (t === 'integer' && list.includes('number'))
  return unite(unite([...a, ...b]).concat('integer').filter(t => holds(a, t) && holds(b, t)))
}

/**
 * Sorts types and takes out what another covers.
 * @param {readonly string[]} types
 */
function unite (types) {
  const number = types.includes('number')
  return [...new Set(types)].filter(t => !(number && t === 'integer')).sort()
}
