// A type's fields as the server sends them, and the plan and the lookups that follow from
// the list. Nothing is derived from the schema again: how a field merges is the server's
// to say.

/** @typedef {import('../crdt/change.js').Strategy} Strategy */
/** @typedef {import('../crdt/plan.js').Plan} Plan */

/**
 * One field of a type, as Field in Go. In path, "*" stands for a row of a list or for any
 * key of a map of keys.
 * @typedef {object} Field
 * @property {string[]} path
 * @property {string} title the label
 * @property {string} [description]
 * @property {Strategy} strategy
 * @property {string} why one sentence: what happens when two people edit it offline
 * @property {string} type string, number, integer, boolean, object, array, null, any
 * @property {string} [format]
 * @property {unknown[]} [enum]
 * @property {{ value: unknown, title?: string }[]} [options] where choices have labels, and for the elements of a set
 * @property {boolean} [required]
 * @property {boolean} [unique]
 * @property {boolean} [index]
 * @property {string} [serial] the pattern of the server's number
 * @property {string} [reference] the type whose ids it holds
 * @property {unknown} [default]
 * @property {boolean} [deprecated]
 * @property {string} [error] the type's own words for a value that breaks its rules
 */

/**
 * A field in the tree of the list; at the top, the record itself.
 * @typedef {object} Branch
 * @property {Field} field
 * @property {Plan} plan
 * @property {Record<string, Branch>} named by key; it has no prototype
 * @property {Branch} [rest]
 * @property {Branch} [row]
 */

/**
 * Makes the tree of a list of fields, parents before children.
 * @param {readonly Field[]} fields
 * @param {string} title the record's
 * @returns {Branch}
 */
export function planFields (fields, title) {
  const top = branch({ path: [], title, strategy: 'map', why: '', type: 'object' })
  for (const field of fields) {
    const sub = branch(field)
    /** @type {Branch|undefined} */
    let above = top
    for (const key of field.path.slice(0, -1)) above = above && (key === '*' ? above.row ?? above.rest : above.named[key])
    if (above) hang(above, /** @type {string} */ (field.path.at(-1)), sub)
  }
  return top
}

/**
 * @param {Branch} above
 * @param {string} key
 * @param {Branch} sub
 */
function hang (above, key, sub) {
  if (key !== '*') {
    above.named[key] = sub
    if (above.plan.fields) above.plan.fields[key] = sub.plan
  } else if (above.plan.strategy === 'list') {
    above.row = sub
    above.plan.row = sub.plan
  } else {
    above.rest = sub
    above.plan.rest = sub.plan
  }
}

/**
 * @param {Field} field
 * @returns {Branch}
 */
function branch (field) {
  const { strategy } = field
  const plan = strategy === 'map' ? { strategy, fields: Object.create(null) } : { strategy }
  return { field, plan, named: Object.create(null) }
}

/**
 * The branch of a key, of any key, or of a row; undefined when none is known.
 * @param {Branch|undefined} at
 * @param {string} key
 * @returns {Branch|undefined}
 */
export function step (at, key) { return at && (at.row ?? at.named[key] ?? at.rest) }
