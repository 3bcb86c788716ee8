// Values: plain JSON as Go and JavaScript hold it alike, and what bounds them.

/**
 * Plain JSON, as JSON.parse gives it. Nobody changes a value in place: who wants another
 * makes another.
 * @typedef {null | boolean | number | string | Value[] | { [key: string]: Value }} Value
 */

/**
 * Bounds of what is read; what is left out is the usual: nested 32 deep, 100,000 values and
 * keys, 256 KiB of UTF-8 for one text, 10,000 operations for one change.
 * @typedef {{ depth?: number, nodes?: number, string?: number, ops?: number }} Limits
 */

/** How deep a value is nested at most. */
export const MAX_DEPTH = 32

/** Says where in a value what is wrong. */
export class ValueError extends Error {
  /**
   * @param {string} path JSON Pointer to the place, '' for the top
   * @param {string} message a sentence
   */
  constructor (path, message) {
    super(message)
    this.name = 'ValueError'
    this.path = path
  }
}

/**
 * Sees that v is plain JSON within the limits: finite numbers that a double has exactly (none
 * from 2^53 up to 1e21), texts without half surrogate pairs, no key "__proto__", nothing
 * undefined, no instances of classes. Throws a ValueError.
 * @param {unknown} v
 * @param {Limits} [limits]
 * @returns {asserts v is Value}
 */
export function checkValue (v, limits = {}) {
  const bad = new Checker(limits).value(v, limits.depth ?? MAX_DEPTH)
  if (bad) throw new ValueError(bad.path, bad.message)
}

/** Goes through a value; answers with the first mistake, whose path grows on the way out. */
class Checker {
  /** @param {Limits} limits */
  constructor ({ nodes = 100_000, string = 256 << 10 }) {
    this.nodes = nodes
    this.string = string
  }

  /**
   * @param {unknown} v
   * @param {number} depth how much deeper it may go
   * @returns {{ path: string, message: string } | undefined}
   */
  value (v, depth) {
    if (--this.nodes < 0) return mistake('There are too many values and keys; split it up.')
    switch (typeof v) {
      case 'string': return this.text(v)
      case 'boolean': return
      case 'number': return isExact(v) ? undefined : mistake(`The number ${v} is too large to be exact; use at most 9007199254740991, or text.`)
      case 'object':
        if (v === null) return
        if (!depth) return mistake('Arrays and objects are nested too deep; make the value flatter.')
        if (Array.isArray(v)) return this.array(v, depth)
        if (isPlain(v)) return this.object(v, depth)
    }
    return mistake(`This is no plain JSON (${typeof v}).`)
  }

  /** @param {string} s */
  text (s) {
    if (isBroken(s)) return mistake('A text holds half of a surrogate pair.')
    return isLonger(s, this.string) ? mistake(`A text is longer than ${this.string} bytes; shorten it.`) : undefined
  }

  /**
   * @param {unknown[]} list
   * @param {number} depth
   */
  array (list, depth) {
    for (let i = 0; i < list.length; i++) {
      const bad = this.value(list[i], depth - 1)
      if (bad) return within(i, bad)
    }
    return undefined
  }

  /**
   * @param {Record<string, unknown>} object
   * @param {number} depth
   */
  object (object, depth) {
    for (const key of Object.keys(object)) {
      this.nodes--
      const bad = key === '__proto__' ? mistake('The key "__proto__" cannot be used; choose another.') : this.text(key)
      if (bad) return bad
      const inside = this.value(object[key], depth - 1)
      if (inside) return within(key, inside)
    }
    return undefined
  }
}

/**
 * @param {string} message
 * @returns {{ path: string, message: string }}
 */
const mistake = message => ({ path: '', message })

/**
 * @param {string | number} step
 * @param {{ path: string, message: string }} bad
 */
function within (step, bad) {
  bad.path = '/' + String(step).replaceAll('~', '~0').replaceAll('/', '~1') + bad.path
  return bad
}

/**
 * Whether v is plain JSON: what checkValue asks of one value, but for how large it is.
 * @param {unknown} v
 * @param {number} [depth] how deep it may be nested
 * @returns {v is Value}
 */
export function isValue (v, depth = MAX_DEPTH) {
  if (typeof v === 'number') return isExact(v)
  if (typeof v === 'string') return !isBroken(v)
  if (v === null || typeof v === 'boolean') return true
  if (typeof v !== 'object' || !depth) return false
  if (Array.isArray(v)) return !Array.from(v).some(e => !isValue(e, depth - 1))
  return isPlain(v) && Object.entries(v).every(([key, e]) => key !== '__proto__' && !isBroken(key) && isValue(e, depth - 1))
}

/**
 * Whether v is a plain object, of this window or of another.
 * @param {object} v
 * @returns {v is Record<string, unknown>}
 */
function isPlain (v) {
  const of = Object.getPrototypeOf(v)
  return of === null || Object.getPrototypeOf(of) === null
}

/**
 * Whether canonical JSON can hold f: not what is written as a whole number that looks exact
 * and is not.
 * @param {number} f
 */
export function isExact (f) {
  const size = Math.abs(f)
  return size <= Number.MAX_SAFE_INTEGER || (size >= 1e21 && size < Infinity)
}

/**
 * Whether a text holds half of a surrogate pair.
 * @param {string} s
 */
export const isBroken = s => /\p{Surrogate}/u.test(s)

const utf8 = new TextEncoder()

/**
 * Whether a text is longer than so many bytes of UTF-8.
 * @param {string} s
 * @param {number} bytes
 */
export const isLonger = (s, bytes) => s.length * 3 > bytes && utf8.encode(s).length > bytes

/**
 * How many code points a text has.
 * @param {string} s
 */
export function codePoints (s) {
  let n = s.length
  for (let i = 1; i < s.length; i++) if (isPair(s, i)) n--
  return n
}

/**
 * Whether the unit at i is the second half of a surrogate pair.
 * @param {string} s
 * @param {number} i
 */
export const isPair = (s, i) => (s.charCodeAt(i) & 0xfc00) === 0xdc00 && (s.charCodeAt(i - 1) & 0xfc00) === 0xd800

/**
 * Whether two values are the same.
 * @param {Value | undefined} a
 * @param {Value | undefined} b
 * @returns {boolean}
 */
export function equalValues (a, b) {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((e, i) => equalValues(e, b[i]))
  if (Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(k => Object.hasOwn(b, k) && equalValues(a[k], b[k]))
}

/**
 * Whether v is a scalar: what a set may hold.
 * @param {unknown} v
 * @returns {v is null | boolean | number | string}
 */
export const isScalar = v => v === null || (typeof v !== 'object' && v !== undefined)

/**
 * Whether v has a place among others: what a maximum may be of.
 * @param {unknown} v
 * @returns {v is number | string}
 */
export const isExtreme = v => typeof v === 'number' || typeof v === 'string'
