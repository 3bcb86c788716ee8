// What a form needs to know of one field: all that the schemas for its value say together.

import { parseCondition } from './condition_parse.js'
import { branchValues, rowOf, shapeOf, wordOf } from './shape.js'

/** @typedef {import('./shape.js').Shape} Shape */
/** @typedef {import('./spot.js').Spot} Spot */

/**
 * The facts of one field: its schema's plain keywords (minimum, maxLength, pattern,
 * contentMediaType, x-… and so on), merged through $ref and allOf, and these.
 * @typedef {{ [word: string]: unknown } & {
 *   type: string,
 *   title: string,
 *   strategy: string,
 *   required: boolean,
 *   nullable: boolean,
 *   field?: import('./plan.js').Field,
 *   options?: { value: unknown, title?: string }[],
 *   items?: Readonly<Record<string, unknown>>,
 *   places?: Readonly<Record<string, unknown>>[],
 *   section?: string,
 *   when?: import('./condition.js').Condition,
 *   whenFrom?: number
 * }} Facts
 */

/** Keywords that are about other values, or say what is said better above. */
const aside = /^(\$|required$|dependentRequired$|enum$|const$|x-order$|x-when$|x-section$)/

/**
 * What a form needs to know of the field at a path; "*" may stand for a row or an entry.
 * Undefined where the type allows no such field. What it gives belongs to the type.
 * @param {import('./schema.js').Schema} schema
 * @param {readonly string[]} path
 * @returns {Readonly<Facts>|undefined}
 */
export function factsAt (schema, path) {
  const { spot } = schema.find(path)
  return spot && (spot.facts ??= read(spot, path))
}

/**
 * @param {Spot} spot
 * @param {readonly string[]} path
 * @returns {Readonly<Facts>}
 */
function read (spot, path) {
  const { shape, branch, plan, required } = spot
  const field = branch?.field
  const when = wordOf(shape, 'x-when')
  return Object.freeze({
    ...plainFacts(shape),
    title: field?.title ?? String(path.at(-1)),
    type: field?.type ?? 'any',
    strategy: plan.strategy,
    required,
    field,
    section: /** @type {string|undefined} */ (wordOf(shape, 'x-section')),
    ...(when === undefined ? undefined : { when: parseCondition(when), whenFrom: scope(field?.path ?? path) })
  })
}

/**
 * What the schemas say by themselves.
 * @param {Shape} shape
 * @returns {Record<string, unknown> & { nullable: boolean }}
 */
function plainFacts (shape) {
  /** @type {Record<string, unknown>} */
  const facts = {}
  const nodes = shape.must.length > 0 ? shape.must : shape.either
  for (const n of nodes) {
    for (const word of Object.keys(n.words)) {
      const inner = n.one[word] || n.many[word] || n.named[word]
      const value = inner || aside.test(word) ? undefined : wordOf(shape, word)
      if (value !== undefined) facts[word] = value
    }
  }
  const options = optionsOf(shape)
  if (options) facts.options = options
  const row = rowOf(shape)
  if (row.must.length + row.either.length > 0) facts.items = plainFacts(shapeOf(row))
  const places = shape.must.find(n => n.many.prefixItems)?.many.prefixItems
  if (places) facts.places = places.map(n => plainFacts(shapeOf({ must: [n], either: [] })))
  return { ...facts, nullable: [facts.type].flat().includes('null') || !!options?.some(({ value }) => value === null) }
}

/**
 * The values to choose from: of enum or const, or of branches that are nothing but such,
 * which may have titles.
 * @param {Shape} shape
 * @returns {{ value: unknown, title?: string }[]|undefined}
 */
function optionsOf (shape) {
  for (const n of shape.must) {
    const own = branchValues([n])
    if (own) return own.map(value => ({ value }))
    for (const word of ['oneOf', 'anyOf']) {
      if (branchValues(n.many[word])) {
        return n.many[word].flatMap(b => (branchValues([b]) ?? []).map(value => typeof b.words.title === 'string' ? { value, title: b.words.title } : { value }))
      }
    }
  }
  return undefined
}

/**
 * How many keys of a path lead to where the fields of its x-when are looked for: to the
 * nearest row or entry around the field, else none.
 * @param {readonly string[]} path with "*" for rows and entries
 */
function scope (path) { return path.lastIndexOf('*', path.length - 2) + 1 }
