// A schema as the tree of the schemas inside it, and what the validator gets of it.

import { format } from '@cfworker/json-schema'
import { formats } from './formats.js'
import { escape, isObject } from './texts.js'

/**
 * One schema inside a schema: the whole, that of a property, a branch of a oneOf. Nodes are
 * made once and only read from then on.
 * @typedef {object} Node
 * @property {string} holder the keyword that holds it, '' in a list, by a name, or at the top
 * @property {Record<string, unknown>} words its keywords; none for true and false
 * @property {boolean} never the schema false
 * @property {boolean} plain the schemas true and false
 * @property {Record<string, Node>} one keywords that hold a schema
 * @property {Record<string, Node[]>} many keywords that hold a list of schemas
 * @property {Record<string, Record<string, Node>>} named keywords that hold schemas by name
 * @property {Node} [ref] what $ref leads to
 * @property {[RegExp, Node][]} patterns of patternProperties
 * @property {object} emitted the same for the validator
 */

const one = ['not', 'if', 'then', 'else', 'additionalProperties', 'unevaluatedProperties', 'propertyNames', 'items', 'contains', 'unevaluatedItems', 'contentSchema']
const many = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const named = ['properties', 'patternProperties', 'dependentSchemas', '$defs']

/** What an emitted schema refers to: by the place of each. */
/** @typedef {Record<string, any>} Lookup */

/**
 * Reads a schema that the server accepted.
 * @param {unknown} schema
 * @returns {{ root: Node, lookup: Lookup }}
 */
export function readNodes (schema) {
  // The validator knows formats by name, for the whole page; ours have names of their own.
  for (const [name, check] of Object.entries(formats)) format[ours + name] = check
  /** @type {Map<string, Node>} */
  const nodes = new Map()
  const root = read(schema, '', '', nodes)
  /** @type {Lookup} */
  const lookup = Object.create(null)
  for (const [at, node] of nodes) lookup[at] = node.emitted
  for (const node of nodes.values()) {
    if (typeof node.words.$ref === 'string') {
      const at = place(node.words.$ref, nodes)
      node.ref = nodes.get(at)
      Object.assign(node.emitted, { $ref: at })
    }
  }
  return { root, lookup }
}

const ours = 'fieldstack '

/**
 * @param {unknown} schema
 * @param {string} at
 * @param {string} holder
 * @param {Map<string, Node>} nodes by place
 * @returns {Node}
 */
function read (schema, at, holder, nodes) {
  const words = isObject(schema) ? schema : {}
  /** @type {Record<string, unknown>} */
  const emitted = { ...words }
  /** @type {Node} */
  const node = { holder, words, never: schema === false, plain: !isObject(schema), one: {}, many: {}, named: {}, patterns: [], emitted }
  nodes.set(at, node)
  // False is told from what holds it by the place, so it must have one.
  if (node.never) emitted.not = true
  if (typeof words.format === 'string') emitted.format = ours + words.format
  for (const [word, value] of Object.entries(words)) {
    const below = at + '/' + escape(word)
    if (one.includes(word)) {
      emitted[word] = (node.one[word] = read(value, below, word, nodes)).emitted
    } else if (many.includes(word) && Array.isArray(value)) {
      emitted[word] = (node.many[word] = value.map((sub, i) => read(sub, below + '/' + i, '', nodes))).map(sub => sub.emitted)
    } else if (named.includes(word) && isObject(value)) {
      /** @type {Record<string, Node>} */
      const subs = node.named[word] = Object.create(null)
      for (const key of Object.keys(value)) subs[key] = read(value[key], below + '/' + escape(key), '', nodes)
      emitted[word] = emit(subs)
    }
  }
  node.patterns = Object.entries(node.named.patternProperties ?? {}).map(([source, sub]) => [new RegExp(source, 'u'), sub])
  return node
}

/** @param {Record<string, Node>} subs */
function emit (subs) {
  const out = Object.create(null)
  for (const key of Object.keys(subs)) out[key] = subs[key].emitted
  return out
}

/**
 * The place that a $ref names: the whole, a JSON Pointer, or an $anchor.
 * @param {string} ref
 * @param {Map<string, Node>} nodes
 */
function place (ref, nodes) {
  const name = decodeURIComponent(ref.slice(1))
  if (name === '' || name[0] === '/') return name
  for (const [at, node] of nodes) if (node.words.$anchor === name) return at
  return ''
}

/**
 * Whether the keyword is there.
 * @param {Node} n
 * @param {string} word
 */
export function has (n, word) { return Object.hasOwn(n.words, word) }
