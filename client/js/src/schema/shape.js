// What several schemas say together about one value, and about what is in it.

import { canonical } from '../crdt/canonical.js'
import { has, schemasOf } from './node.js'
import { same } from './texts.js'

/** @typedef {import('./node.js').Node} Node */

/**
 * @typedef {object} Shape
 * @property {readonly Node[]} must the schemas it must meet, with what they refer to and their allOf
 * @property {readonly Node[]} may branches of anyOf, oneOf, then, else, dependentSchemas; with what these refer to
 * @property {readonly Node[]} either where must is empty: schemas from branches, one of which it meets
 */

/**
 * The schemas of one key of an object, or of the rows of an array.
 * @typedef {object} Children
 * @property {Node[]} must it must meet all of these
 * @property {Node[]} either of branches: it may have to meet one of these
 * @property {boolean} bound it must meet one of either, because every branch has one
 * @property {Node[]} names propertyNames: its key must meet all of these
 * @property {boolean} closed there may be no such key
 */

/**
 * Reads the schemas that a value must meet; either are schemas of which it meets one.
 * @param {Pick<Children, 'must'|'either'>} of
 * @returns {Shape}
 */
export function shapeOf ({ must: nodes, either: branches }) {
  let either = distinct(branches)
  if (nodes.length === 0 && either.length === 1) [nodes, either] = [either, []]
  const must = together(nodes)
  return { must, either, may: branchesOf([...either, ...must.flatMap(branchesOfNode)], must) }
}

/**
 * Leaves out the schemas that say the same as one before.
 * @param {Node[]} nodes
 */
function distinct (nodes) {
  if (nodes.length < 2) return nodes
  const seen = new Map()
  for (const n of nodes) {
    const text = n.plain ? 'true' : canonical(/** @type {import('../crdt/value.js').Value} */ (n.words))
    if (!seen.has(text)) seen.set(text, n)
  }
  return [...seen.values()]
}

/**
 * Lists schemas, what they refer to and their allOf, each once.
 * @param {readonly Node[]} nodes
 * @returns {Node[]}
 */
export function together (nodes) {
  /** @type {Set<Node>} */
  const list = new Set()
  /** @param {Node} n */
  const add = n => {
    if (list.has(n)) return
    list.add(n)
    if (n.ref) add(n.ref)
    n.many.allOf?.forEach(add)
  }
  nodes.forEach(add)
  return [...list]
}

/**
 * The schemas that the value may have to meet as well.
 * @param {Node} n
 */
function branchesOfNode (n) {
  const list = [...n.many.anyOf ?? [], ...n.many.oneOf ?? []]
  for (const word of ['then', 'else']) if (n.one[word] && n.one.if) list.push(n.one[word])
  const schemas = n.named.dependentSchemas ?? {}
  for (const key of Object.keys(schemas).sort()) list.push(schemas[key])
  return list
}

/**
 * Lists branches and all below them, each once, none of except.
 * @param {Node[]} branches
 * @param {readonly Node[]} except
 */
function branchesOf (branches, except) {
  /** @type {Set<Node>} */
  const list = new Set()
  const queue = [...branches]
  for (const first of queue) {
    for (const n of together([first])) {
      if (list.has(n) || except.includes(n)) continue
      list.add(n)
      queue.push(...branchesOfNode(n))
    }
  }
  return [...list]
}

/**
 * A keyword that holds for the whole value: in what it must meet, the outermost first; in
 * a value that only branches speak of, what they all say.
 * @param {Shape} s
 * @param {string} word
 * @returns {unknown}
 */
export function wordOf (s, word) {
  /** @param {readonly Node[]} nodes */
  const find = nodes => nodes.find(n => has(n, word))?.words[word]
  if (s.must.length > 0 || s.either.length === 0) return find(s.must)
  const [first, ...rest] = s.either.map(n => find(together([n])))
  return rest.every(v => same(v, first)) ? first : undefined
}

/**
 * The values that const or enum allow, undefined for any.
 * @param {Node} n
 * @returns {unknown[]|undefined}
 */
export function ownValues (n) {
  if (has(n, 'const')) return [n.words.const]
  return Array.isArray(n.words.enum) ? n.words.enum : undefined
}

/**
 * The values of branches that are nothing but such.
 * @param {readonly Node[]} [branches]
 * @returns {unknown[]|undefined}
 */
export function branchValues (branches) {
  const lists = branches?.map(ownValues)
  return lists?.includes(undefined) ? undefined : lists?.flatMap(list => list)
}

/**
 * The labels of the values of branches, in their order.
 * @param {readonly Node[]} branches
 * @returns {(string|undefined)[]}
 */
export function branchTitles (branches) {
  return branches.flatMap(n => (ownValues(n) ?? []).map(() => typeof n.words.title === 'string' ? n.words.title : undefined))
}

/**
 * Finds the schemas for a key.
 * @param {Shape} s
 * @param {string} key
 * @returns {Children}
 */
export function childOf (s, key) {
  /** @type {Children} */
  const c = { must: [], either: [], bound: false, names: [], closed: false }
  let spoken = false
  for (const n of s.must) if (addFrom(c, n, key)) spoken = true
  spoken ||= c.must.length > 0
  for (const n of s.may) {
    const sub = n.named.properties?.[key]
    if (sub) c.either.push(sub)
    spoken ||= !!sub || has(n, 'additionalProperties') || has(n, 'unevaluatedProperties') || n.patterns.some(([form]) => form.test(key))
  }
  c.bound = isBound(s, n => !!n.named.properties?.[key])
  if (!spoken) for (const n of s.must) if (n.one.unevaluatedProperties) add(c, n.one.unevaluatedProperties)
  return c
}

/**
 * Adds what one schema says about a key, and reports whether it names it.
 * @param {Children} c
 * @param {Node} n
 * @param {string} key
 */
function addFrom (c, n, key) {
  for (const sub of schemasOf(n, key)) add(c, sub)
  if (n.one.propertyNames) c.names.push(n.one.propertyNames)
  return !!n.named.properties?.[key]
}

/**
 * @param {Children} c
 * @param {Node} n
 */
function add (c, n) {
  if (n.never) c.closed = true
  else c.must.push(n)
}

/**
 * Finds the schemas for the rows of an array whose rows are all alike.
 * @param {Shape} s
 * @returns {Children}
 */
export function rowOf (s) {
  /** @param {readonly Node[]} nodes */
  const items = nodes => nodes.flatMap(n => n.one.items ?? [])
  return { must: items(s.must), either: items(s.may), bound: isBound(s, n => !!n.one.items), names: [], closed: false }
}

/**
 * Whether whichever branches the value meets, one of them says something: it is said in
 * every branch of some anyOf or oneOf.
 * @param {Shape} s
 * @param {(n: Node) => boolean} says
 */
function isBound (s, says) {
  return s.must.some(n => binds(n, says)) || everyBranch(s.either, says)
}

/**
 * @param {Node} n
 * @param {(n: Node) => boolean} says
 * @returns {boolean}
 */
function binds (n, says) { return everyBranch(n.many.anyOf, says) || everyBranch(n.many.oneOf, says) }

/**
 * @param {readonly Node[]|undefined} branches
 * @param {(n: Node) => boolean} says
 */
function everyBranch (branches = [], says) {
  return branches.length > 0 && branches.every(b => together([b]).some(n => says(n) || binds(n, says)))
}

/**
 * Whether the value must have the key.
 * @param {Shape} s
 * @param {string} key
 */
export function isRequired (s, key) {
  return s.must.some(n => Array.isArray(n.words.required) && n.words.required.includes(key))
}

/**
 * The keys known by name, in no order.
 * @param {Shape} s
 */
export function keysOf (s) {
  return new Set([...s.must, ...s.may].flatMap(n => Object.keys(n.named.properties ?? {})))
}
