// Who and when: replicas, times, the clock that reads them, and the elements of a document.

/** The largest n of a change and number of an element: 2^53-1. */
export const MAX_SEQ = Number.MAX_SAFE_INTEGER

/**
 * So much of each replica was seen: its changes up to and with this n.
 * @typedef {{ [replica: string]: number }} Vector
 */

/**
 * An element of a document, taken apart.
 * @typedef {{ replica: string, seq: number }} Dot
 */

/**
 * So many elements of one replica with consecutive numbers.
 * @typedef {Dot & { length: number }} Span
 */

const hex = (/** @type {number} */ n, /** @type {number} */ digits) => n.toString(16).padStart(digits, '0')

/**
 * The name of a replica: 16 hexadecimal digits. It is new for each installation.
 * @param {Uint8Array} bytes eight random ones, not all zero
 */
export function newReplica (bytes) {
  const name = Array.from(bytes, b => hex(b, 2)).join('')
  if (!isReplica(name)) throw new RangeError('A replica is made of eight bytes, not all zero.')
  return name
}

/** @param {string} s */
export const isReplica = s => /^[0-9a-f]{16}$/.test(s) && s !== '0000000000000000'

/** @param {string} s */
export const isTime = s => /^[0-9a-f]{12}-[0-9a-f]{4}$/.test(s)

const MAX_MILLIS = 2 ** 48 - 1

/**
 * A time: 48 bits of milliseconds since 1970 and a counter, as a text that sorts as time does.
 * @param {number} ms brought into what 48 bits hold
 * @param {number} counter from 0 to 65535
 */
export const newTime = (ms, counter) => hex(Math.trunc(Math.max(0, Math.min(ms, MAX_MILLIS))), 12) + '-' + hex(counter, 4)

/**
 * The milliseconds since 1970 of a time.
 * @param {string} time
 */
export const millis = time => parseInt(time.slice(0, 12), 16)

/**
 * A hybrid logical clock: its readings never go back and never repeat, and stay as close to
 * the time of day as those it was shown allow. Its owner keeps `last` with what it stamps.
 */
export class Clock {
  last = newTime(0, 0)

  /**
   * A reading later than every earlier one.
   * @param {number} now milliseconds since 1970
   */
  next (now) {
    const reading = newTime(now, 0)
    return (this.last = reading > this.last ? reading : after(this.last))
  }

  /**
   * Makes later readings come after what somebody else's clock gave.
   * @param {string} time
   */
  observe (time) {
    if (time > this.last) this.last = time
  }
}

/**
 * The time after: a full counter carries into the milliseconds. The last one has none.
 * @param {string} time
 */
export function after (time) {
  const ms = millis(time)
  const counter = parseInt(time.slice(13), 16) + 1
  if (counter < 65536) return newTime(ms, counter)
  return ms < MAX_MILLIS ? newTime(ms + 1, 0) : time
}

/**
 * Reads an element, "<replica>.<number>"; undefined if the text is none in its one spelling.
 * @param {string} s
 * @returns {Dot | undefined}
 */
export function parseDot (s) {
  const replica = s.slice(0, 16)
  return s[16] === '.' && isReplica(replica) && isSeq(s.slice(17)) ? { replica, seq: +s.slice(17) } : undefined
}

/** @param {string} s */
const isSeq = s => /^[1-9]\d{0,15}$/.test(s) && +s <= MAX_SEQ

/**
 * Whether a text is an element; so, in a path, the name of a row.
 * @param {string} s
 */
export const isElement = s => parseDot(s) !== undefined

/**
 * @param {string} replica
 * @param {number} seq
 */
export const dotText = (replica, seq) => replica + '.' + seq

/**
 * Orders the texts of elements by replica, then by number.
 * @param {string} a
 * @param {string} b
 */
export function compareDots (a, b) {
  if (a.length !== b.length && a.slice(0, 16) === b.slice(0, 16)) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Reads a stretch of elements, "<replica>.<number>+<length>"; undefined if the text is none.
 * @param {string} s
 * @returns {Span | undefined}
 */
export function parseSpan (s) {
  const plus = s.indexOf('+')
  const dot = parseDot(s.slice(0, plus))
  const length = s.slice(plus + 1)
  return dot && isSeq(length) && +length - 1 <= MAX_SEQ - dot.seq ? { ...dot, length: +length } : undefined
}
