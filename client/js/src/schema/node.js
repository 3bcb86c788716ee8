// A schema as the tree of the schemas inside it.

import { rulesOf } from './rules.js'
import { escape, isObject } from './texts.js'

/**
 * One schema inside a schema: the whole, that of a property, a branch of a oneOf. Nodes are
 * made once and only read from then on.
 * @typedef {object} Node
 * @property {string} holder the keyword that holds it, '' in a list, by a name, or at the top
 * @property {Record<string, unknown>} words its keywords; none for true and false
 * @property {boolean} never the schema false
 * @property {boolean} plain the schemas true and false
 * @property {readonly string[]} [types] of type
 * @property {import('./rules.js').Rule[]} rules of the keywords that hold no schema
 * @property {Record<string, Node>} one keywords that hold a schema
 * @property {Record<string, Node[]>} many keywords that hold a list of schemas
 * @property {Record<string, Record<string, Node>>} named keywords that hold schemas by name
 * @property {Node} [ref] what $ref leads to
 * @property {[RegExp, Node][]} patterns of patternProperties
 */

const one = ['not', 'if', 'then', 'else', 'additionalProperties', 'unevaluatedProperties', 'propertyNames', 'items', 'contains', 'unevaluatedItems', 'contentSchema']
const many = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const named = ['properties', 'patternProperties', 'dependentSchemas', '$defs']

/**
 * Reads a schema that the server accepted.
 * @param {unknown} schema
 * @returns {Node}
 */
export function readNodes (schema) {
  /** @type {Map<string, Node>} */
  const places = new Map()
  const root = read(schema, '', '', places)
  for (const node of [...places.values()]) if (typeof node.words.$anchor === 'string') places.set(node.words.$anchor, node)
  for (const node of places.values()) {
    if (typeof node.words.$ref === 'string') node.ref = places.get(decodeURIComponent(node.words.$ref.slice(1)))
  }
  return root
}

/**
 * @param {unknown} schema
 * @param {string} at
 * @param {string} holder
 * @param {Map<string, Node>} places the nodes by JSON Pointer
 * @returns {Node}
 */
function read (schema, at, holder, places) {
  const words = isObject(schema) ? schema : {}
  /** @type {Node} */
  const node = { holder, words, never: schema === false, plain: !isObject(schema), rules: rulesOf(words), one: {}, many: {}, named: {}, patterns: [] }
  places.set(at, node)
  for (const [word, value] of Object.entries(words)) {
    const below = at + '/' + escape(word)
    if (word === 'type') {
      node.types = /** @type {string[]} */ ([value].flat())
    } else if (one.includes(word)) {
      node.one[word] = read(value, below, word, places)
    } else if (many.includes(word) && Array.isArray(value)) {
      node.many[word] = value.map((sub, i) => read(sub, below + '/' + i, '', places))
    } else if (named.includes(word) && isObject(value)) {
      /** @type {Record<string, Node>} */
      const subs = node.named[word] = Object.create(null)
      for (const key of Object.keys(value)) subs[key] = read(value[key], below + '/' + escape(key), '', places)
    }
  }
  node.patterns = Object.entries(node.named.patternProperties ?? {}).map(([source, sub]) => [new RegExp(source, 'u'), sub])
  return node
}

/**
 * The schemas that one schema has for a key.
 * @param {Node} n
 * @param {string} key
 * @returns {Node[]}
 */
export function schemasOf ({ named: { properties }, patterns, one: { additionalProperties } }, key) {
  const found = []
  if (properties?.[key]) found.push(properties[key])
  for (const [form, sub] of patterns) if (form.test(key)) found.push(sub)
  if (additionalProperties && found.length === 0) found.push(additionalProperties)
  return found
}

/**
 * Whether the keyword is there.
 * @param {Node} n
 * @param {string} word
 */
export function has (n, word) { return Object.hasOwn(n.words, word) }
