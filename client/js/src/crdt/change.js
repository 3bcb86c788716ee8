// Changes and their operations: what goes between devices and server, and the strict reading
// of it. A change is the object that JSON.parse gives.

/** @import { Limits, Value } from './value.js' */
/** @import { Vector } from './stamp.js' */

import { canonical } from './canonical.js'
import { MAX_SEQ, compareDots, isElement, isReplica, isTime, parseSpan } from './stamp.js'
import { MAX_DEPTH, ValueError, checkValue, codePoints, isExtreme, isLonger, isScalar } from './value.js'

/**
 * How a field merges.
 * @typedef {'register' | 'conflict' | 'counter' | 'max' | 'min' | 'text' | 'set' | 'list' | 'map' | 'serial'} Strategy
 */

/**
 * One operation: one kind, on one field. The README of the vectors says what each does.
 * @typedef {{ kind: 'create' | 'restore', path?: undefined } |
 *   { kind: 'delete', path?: undefined, saw: Vector } |
 *   { kind: 'set' | 'add' | 'raise' | 'lower', path: string[], value: Value } |
 *   { kind: 'unset', path: string[] } |
 *   { kind: 'assign', path: string[], id: number, value?: Value, over: string[] } |
 *   { kind: 'include', path: string[], id: number, value: Value } |
 *   { kind: 'exclude', path: string[], value: Value, over: string[] } |
 *   { kind: 'insert', path: string[], id: number, after?: string, before?: string, text: string } |
 *   { kind: 'cut', path: string[], spans: string[] } |
 *   { kind: 'place', path: string[], id: number, after?: string, before?: string } |
 *   { kind: 'move', path: string[], row: string, id: number, after?: string, before?: string } |
 *   { kind: 'drop', path: string[], row: string, saw: Vector } |
 *   { kind: 'ensure', path: string[], value: Value, as: Strategy }} Op
 */

/**
 * What one person did at once to one document. Nobody changes one once it is made.
 * @typedef {object} Change
 * @property {string} replica who
 * @property {number} n counts this replica's changes, to any document: 1, 2, 3 with no gaps
 * @property {number} [prev] n of this replica's change before this one in this document
 * @property {string} stamp when
 * @property {string} type
 * @property {number} version the type's version it was written under
 * @property {string} doc the document's id
 * @property {Op[]} ops
 */

/**
 * The members that each kind needs and, behind the bar, those it may have.
 * @type {Map<unknown, string[][]>}
 */
const MEMBERS = /* @__PURE__ */ new Map(/* @__PURE__ */ Object.entries({
  create: '',
  restore: '',
  delete: 'saw',
  unset: 'path',
  set: 'path value',
  add: 'path value',
  raise: 'path value',
  lower: 'path value',
  assign: 'path id over|value',
  include: 'path id value',
  exclude: 'path value over',
  insert: 'path id text|after before',
  cut: 'path spans',
  place: 'path id|after before',
  move: 'path row id|after before',
  drop: 'path row saw',
  ensure: 'path value as'
}).map(/* @__PURE__ */ ([kind, names]) => [kind, names.split('|').map(list => list.split(' ').filter(Boolean))]))

/**
 * Whether a field with this strategy can be empty and show.
 * @param {unknown} strategy
 */
export const canEnsure = strategy => ['map', 'list', 'set', 'text', 'counter'].includes(/** @type {string} */ (strategy))

/**
 * How many elements an operation makes, numbered from its id on.
 * @param {Op} op
 */
export const makes = op => op.kind === 'insert' ? codePoints(op.text) : op.kind !== 'create' && 'id' in op ? 1 : 0

/**
 * The canonical JSON of a change.
 * @param {Change} c
 */
export const changeText = c => canonical(/** @type {any} */ (c))

/**
 * Reads a change strictly: unknown and missing members, members that do not go with the kind
 * and what checkValue refuses are errors. Throws a ValueError. (What is wrong with a text of
 * JSON only, such as a key twice, is gone once it is parsed.)
 * @param {unknown} v
 * @param {Limits} [limits] the depth is that of the values inside
 * @returns {Change}
 */
export function changeFromValue (v, limits = {}) {
  checkValue(v, { ...limits, depth: (limits.depth ?? MAX_DEPTH) + 3 })
  const m = members(v, '', ['replica', 'n', 'stamp', 'type', 'version', 'doc', 'ops'], ['prev'])
  match(m, '', 'replica', isReplica)
  match(m, '', 'stamp', isTime)
  whole(m.n, '/n')
  if ('prev' in m) whole(m.prev, '/prev')
  if ('prev' in m && /** @type {number} */ (m.prev) >= /** @type {number} */ (m.n)) fail('/prev', '"prev" must be less than "n".')
  whole(m.version, '/version', 2 ** 31 - 1)
  match(m, '', 'type', s => /^[a-z][a-z0-9-]{0,63}$/.test(s))
  match(m, '', 'doc', s => /^[0-9a-zA-Z-]{1,64}$/.test(s))
  const ops = list(m.ops, '/ops')
  if (ops.length > (limits.ops ?? 10_000)) fail('/ops', `A change of ${ops.length} operations is too large.`)
  ops.forEach((op, i) => checkOperation(op, '/ops/' + i))
  return /** @type {Change} */ (v)
}

/**
 * @param {string} path
 * @param {string} message
 * @returns {never}
 */
function fail (path, message) {
  throw new ValueError(path, message)
}

/**
 * An object with all the members it needs and none but those and the ones it may have.
 * @param {Value} v
 * @param {string} at
 * @param {string[]} need
 * @param {string[]} [may]
 */
function members (v, at, need, may = []) {
  const m = object(v, at)
  for (const name of need) if (!Object.hasOwn(m, name)) fail(at + '/' + name, `"${name}" is missing.`)
  const other = Object.keys(m).find(name => !need.includes(name) && !may.includes(name))
  if (other !== undefined) fail(at, JSON.stringify(other) + ' does not belong here; remove it.')
  return m
}

/**
 * @param {Value} v
 * @param {string} at
 */
function object (v, at) {
  if (v === null || typeof v !== 'object' || Array.isArray(v)) fail(at, 'This must be an object.')
  return v
}

/**
 * @param {Value} v
 * @param {string} at
 */
function list (v, at) {
  if (!Array.isArray(v)) fail(at, 'This must be a list.')
  return v
}

/**
 * @param {{ [key: string]: Value }} m
 * @param {string} at
 * @param {string} name
 * @param {(s: string) => unknown} fits
 */
function match (m, at, name, fits) {
  text(m[name], at + '/' + name, name, fits)
}

/**
 * @param {Value} v
 * @param {string} at
 * @param {string} name
 * @param {(s: string) => unknown} [fits]
 */
function text (v, at, name, fits = () => true) {
  if (typeof v !== 'string' || !fits(v)) fail(at, `${JSON.stringify(v)} cannot be what "${name}" says.`)
  return v
}

/**
 * @param {Value} v
 * @param {string} at
 * @param {number} [most]
 */
function whole (v, at, most = MAX_SEQ) {
  if (!Number.isInteger(v) || /** @type {number} */ (v) < 1 || /** @type {number} */ (v) > most) fail(at, `This must be a whole number from 1 to ${most}.`)
}

/**
 * @param {Value} v
 * @param {string} at
 */
function checkOperation (v, at) {
  const kind = object(v, at + '/kind').kind
  const known = MEMBERS.get(kind)
  if (!known) return fail(at + '/kind', `There is no operation ${JSON.stringify(kind)}.`)
  const [need, may = []] = known
  const m = members(v, at, [...need, 'kind'], may)
  for (const name of [...need, ...may]) if (Object.hasOwn(m, name)) checkMember(m[name], at + '/' + name, name)
  const [member, message] = misfit(/** @type {any} */ (m))
  if (message) fail(at + '/' + member, message)
}

/**
 * @param {Value} v
 * @param {string} at
 * @param {string} name
 */
function checkMember (v, at, name) {
  switch (name) {
    case 'path': {
      if (!isPath(list(v, at).map(key => text(key, at, name)))) fail(at, 'A path has 1 to 16 keys of at most 256 bytes, the first no row.')
      return
    }
    case 'id': return whole(v, at)
    case 'after': case 'before': case 'row': return text(v, at, name, isElement)
    case 'text': case 'as': return text(v, at, name)
    case 'over': return list(v, at).forEach((e, i, all) =>
      text(e, at, name, s => isElement(s) && (!i || compareDots(/** @type {string} */ (all[i - 1]), s) < 0)))
    case 'spans':
      if (!list(v, at).length) fail(at, 'A cut removes at least one element.')
      return list(v, at).forEach(e => text(e, at, name, parseSpan))
    case 'saw':
      for (const [replica, n] of Object.entries(object(v, at))) {
        text(replica, at, name, isReplica)
        whole(n, at + '/' + replica)
      }
  }
}

/**
 * Which member does not fit the kind of an operation, and why.
 * @param {Op} op
 * @returns {string[]}
 */
function misfit (op) {
  switch (op.kind) {
    case 'add': return typeof op.value === 'number' ? [] : ['value', 'A counter adds numbers only.']
    case 'raise': case 'lower': return isExtreme(op.value) ? [] : ['value', 'Only numbers and texts have a largest and a smallest.']
    case 'include': case 'exclude': return isScalar(op.value) ? [] : ['value', 'A set holds no lists or objects.']
    case 'ensure':
      if (typeof op.value !== 'boolean') return ['value', 'Whether an empty field shows is said by true or false.']
      return canEnsure(op.as) ? [] : ['as', `"${op.as}" cannot be empty and show.`]
    case 'insert':
      if (!op.text) return ['text', 'An insertion has at least one character.']
      return makes(op) - 1 > MAX_SEQ - op.id ? ['id', 'The elements are numbered beyond 2^53-1.'] : []
  }
  return []
}

/**
 * Whether a path could be one: it has 1 to 16 keys of at most 256 bytes, and the first is no row.
 * @param {string[]} path
 */
export const isPath = path => path.length > 0 && path.length <= 16 && !isElement(path[0]) &&
  path.every(key => key !== '__proto__' && !isLonger(key, 256))
