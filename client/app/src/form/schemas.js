// What a type's JSON Schema says at one place: the form needs bounds, titles of choices
// and hints that the list of fields does not carry. Reading only; nothing is checked here.

/** @typedef {{[word: string]: any}} Node a schema that is an object */

/**
 * The schemas that speak of one value: those that always do, and those of branches
 * (anyOf, then, …), each with the test that the branch hangs on where there is one.
 * Depth is how many steps the value stands below the record.
 * @typedef {{depth: number, must: Node[], either: {node: Node, when?: Branch}[]}} Spot
 *
 * Holds when what stands depth steps down the path fits the schema, or does not.
 * @typedef {{schema: unknown, is: boolean, depth: number}} Branch
 */

const most = 64

/**
 * The place of the whole record.
 * @param {unknown} schema
 * @returns {Spot}
 */
export function rootSpot (schema) {
  return spread(schema, [schema], 0)
}

/**
 * The place one step below: a key of an object, or `*` for the row of a list and for
 * the keys of an object that have no name.
 * @param {unknown} root the whole schema, which $ref points into
 * @param {Spot} spot
 * @param {string} key
 * @returns {Spot}
 */
export function below (root, spot, key) {
  const depth = spot.depth + 1
  const must = spread(root, spot.must.flatMap((node) => under(node, key)), depth)
  const either = spot.either.flatMap(({ node, when }) => {
    const found = spread(root, under(node, key), depth)
    return [...found.must.map((n) => ({ node: n, when })), ...found.either.map((e) => ({ node: e.node, when: when ?? e.when }))]
  })
  return { depth, must: must.must, either: [...must.either, ...either] }
}

/**
 * What the schemas of a place say under a word; those that always hold go first.
 * @param {Spot} spot
 * @param {string} word
 */
export function say (spot, word) {
  for (const node of spot.must) if (word in node) return node[word]
  for (const { node } of spot.either) if (word in node) return node[word]
  return undefined
}

/**
 * The tests by which fields of branches come and go: of key, when it is known in
 * branches only; empty otherwise.
 * @param {Spot} spot
 * @param {string} key
 * @returns {Branch[]}
 */
export function branches (spot, key) {
  if (spot.must.some((node) => node.properties && Object.hasOwn(node.properties, key))) return []
  const found = spot.either.filter(({ node }) => node.properties && Object.hasOwn(node.properties, key))
  return found.every(({ when }) => when) ? found.map(({ when }) => /** @type {Branch} */ (when)) : []
}

/**
 * The tests under which key is required though it is not always.
 * @param {Spot} spot
 * @param {string} key
 * @returns {Branch[]}
 */
export function requiring (spot, key) {
  return spot.either.flatMap(({ node, when }) => when && Array.isArray(node.required) && node.required.includes(key) ? [when] : [])
}

/**
 * Whether a value fits the schema of an `if`, as far as such schemas usually go. What
 * it does not know says undefined: the caller shows more rather than less.
 * @param {unknown} schema
 * @param {unknown} value
 * @returns {boolean | undefined}
 */
export function fits (schema, value) {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return undefined
  let all = /** @type {boolean | undefined} */ (true)
  for (const [word, said] of Object.entries(schema)) {
    const one = fitsWord(word, said, value)
    if (one === false) return false
    if (one === undefined) all = undefined
  }
  return all
}

/**
 * @param {string} word
 * @param {any} said
 * @param {any} value
 * @returns {boolean | undefined}
 */
function fitsWord (word, said, value) {
  switch (word) {
    case 'const': return JSON.stringify(said) === JSON.stringify(value)
    case 'enum': return said.some((/** @type {unknown} */ one) => JSON.stringify(one) === JSON.stringify(value))
    case 'required': return !isObject(value) || said.every((/** @type {string} */ key) => Object.hasOwn(value, key))
    case 'properties': return !isObject(value) || all(Object.keys(said).filter((key) => Object.hasOwn(value, key)).map((key) => fits(said[key], value[key])))
    case 'allOf': return all(said.map((/** @type {unknown} */ one) => fits(one, value)))
    case 'anyOf': return not(all(said.map((/** @type {unknown} */ one) => not(fits(one, value)))))
    case 'not': return not(fits(said, value))
    case 'minimum': return typeof value !== 'number' || value >= said
    case 'exclusiveMinimum': return typeof value !== 'number' || value > said
    case 'maximum': return typeof value !== 'number' || value <= said
    case 'exclusiveMaximum': return typeof value !== 'number' || value < said
    case 'minLength': return typeof value !== 'string' || [...value].length >= said
    case 'maxLength': return typeof value !== 'string' || [...value].length <= said
    case 'pattern': return typeof value !== 'string' || isLike(said, value)
    case 'minItems': return !Array.isArray(value) || value.length >= said
    case 'maxItems': return !Array.isArray(value) || value.length <= said
    case 'contains': return !Array.isArray(value) || not(all(value.map((one) => not(fits(said, one)))))
    case 'type': return [said].flat().some((type) => isType(type, value))
    case 'title': case 'description': case '$comment': return true
  }
  return word.startsWith('x-') ? true : undefined
}

/** @param {string} pattern @param {string} text */
function isLike (pattern, text) {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return undefined
  }
}

/** @param {string} type @param {unknown} value */
function isType (type, value) {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  return type === 'object' ? isObject(value) : typeof value === type
}

/** @param {(boolean | undefined)[]} answers */
const all = (answers) => answers.includes(false) ? false : answers.includes(undefined) ? undefined : true

/** @param {boolean | undefined} answer */
const not = (answer) => answer === undefined ? undefined : !answer

/** @param {unknown} v @returns {v is Node} */
export const isObject = (v) => typeof v === 'object' && v !== null && !Array.isArray(v)

/**
 * The schemas right below a node that speak of a key.
 * @param {Node} node
 * @param {string} key
 * @returns {unknown[]}
 */
function under (node, key) {
  if (key === '*' && (isObject(node.items) || node.type === 'array')) return [node.items]
  if (node.properties && Object.hasOwn(node.properties, key)) return [node.properties[key]]
  const matching = Object.entries(node.patternProperties ?? {}).filter(([pattern]) => key === '*' || new RegExp(pattern, 'u').test(key))
  return matching.length ? matching.map(([, schema]) => schema) : [node.additionalProperties]
}

/**
 * Follows $ref and allOf, which always hold, and the branches, which may.
 * @param {unknown} root
 * @param {unknown[]} schemas
 * @param {number} depth
 * @returns {Spot}
 */
function spread (root, schemas, depth) {
  /** @type {Spot} */
  const spot = { depth, must: [], either: [] }
  const seen = new Set()
  /** @type {{schema: unknown, branch: boolean, when?: Branch}[]} */
  const queue = schemas.map((schema) => ({ schema, branch: false }))
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { schema, branch, when } = next
    if (!isObject(schema) || seen.has(schema) || seen.size > most) continue
    seen.add(schema)
    if (branch) spot.either.push({ node: schema, when })
    else spot.must.push(schema)
    if (typeof schema.$ref === 'string') queue.push({ schema: target(root, schema.$ref), branch, when })
    for (const one of schema.allOf ?? []) queue.push({ schema: one, branch, when })
    for (const one of [...schema.anyOf ?? [], ...schema.oneOf ?? []]) queue.push({ schema: one, branch: true, when })
    if ('if' in schema) {
      queue.push({ schema: schema.then, branch: true, when: when ?? { schema: schema.if, is: true, depth } })
      queue.push({ schema: schema.else, branch: true, when: when ?? { schema: schema.if, is: false, depth } })
    }
    for (const [key, one] of Object.entries(schema.dependentSchemas ?? {})) {
      queue.push({ schema: one, branch: true, when: when ?? { schema: { required: [key] }, is: true, depth } })
    }
  }
  return spot
}

/** @param {unknown} root @param {string} ref */
function target (root, ref) {
  if (!ref.startsWith('#')) return undefined
  const steps = decodeURIComponent(ref.slice(1)).split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at = root
  for (const step of steps) at = /** @type {any} */ (at)?.[step]
  return at
}
