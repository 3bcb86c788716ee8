// Between what people type and what is stored: numbers as the language writes them,
// dates and times as the browser's own inputs have them.

/**
 * Reads a number. Both signs that languages put before decimals are understood; the sign
 * of the language wins where a number could be either (1.000 is a thousand in German).
 * @param {string} raw
 * @param {string} decimal the language's own sign: '.' or ','
 * @param {boolean} integer
 * @returns {{value: number | undefined, fault?: 'number' | 'integer'}} undefined: empty, or a fault
 */
export function readNumber (raw, decimal, integer) {
  const text = raw.trim().replace(/[\s\u00a0\u202f'’]/g, '').replace(/^\u2212/, '-')
  if (text === '') return { value: undefined }
  const grouping = decimal === ',' ? /^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$/ : /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/
  const plain = grouping.test(text) ? text.replaceAll(decimal === ',' ? '.' : ',', '') : text
  const normal = plain.replace(',', '.')
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(normal)) return { value: undefined, fault: 'number' }
  const value = Number(normal)
  if (!Number.isFinite(value)) return { value: undefined, fault: 'number' }
  return integer && !Number.isInteger(value) ? { value: undefined, fault: 'integer' } : { value }
}

/**
 * A number as it stands in its input: with the language's sign, without groups.
 * @param {unknown} value
 * @param {string} decimal
 */
export const showNumber = (value, decimal) => typeof value === 'number' ? String(value).replace('.', decimal) : value === undefined || value === null ? '' : String(value)

/**
 * A moment for an input of the day and time here.
 * @param {unknown} stored a date-time of RFC 3339
 */
export function showMoment (stored) {
  const date = typeof stored === 'string' ? new Date(stored) : undefined
  if (!date || Number.isNaN(date.getTime())) return ''
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/**
 * The moment that an input of day and time says, in UTC, written the one way that
 * conditions compare: 2026-03-04T13:05:00.000Z.
 * @param {string} raw
 */
export function readMoment (raw) {
  const date = new Date(raw)
  return raw === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/**
 * A time of day for its input. It is the time on the wall: whatever zone it was
 * written with, everybody sees the same.
 * @param {unknown} stored a time of RFC 3339
 */
export const showTime = (stored) => typeof stored === 'string' ? stored.slice(0, 5) : ''

/**
 * @param {string} raw hh:mm, with seconds or without
 */
export const readTime = (raw) => raw === '' ? undefined : (raw.length === 5 ? raw + ':00' : raw.slice(0, 8)) + 'Z'

/**
 * Reads what a person writes as an element of a set or a list.
 * @param {string} raw
 * @param {string} type
 * @param {string} decimal
 * @returns {{value: unknown, fault?: 'number' | 'integer'}}
 */
export function readElement (raw, type, decimal) {
  return type === 'number' || type === 'integer' ? readNumber(raw, decimal, type === 'integer') : { value: raw.trim() || undefined }
}

/**
 * What changed between two texts, as the one splice that makes the second of the first.
 * The caret, which stands behind what was typed, says which of two equal letters it was.
 * @param {string} before
 * @param {string} after
 * @param {number} caret in after
 * @returns {{at: number, remove: number, insert: string}}
 */
export function spliceOf (before, after, caret) {
  const tail = after.length - caret
  const most = Math.min(before.length, after.length)
  let end = 0
  while (end < Math.min(tail, most) && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  let at = 0
  while (at < most - end && before[at] === after[at]) at++
  // The caret need not stand at the end of what differs (a drop, an undo): look further.
  while (at + end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  if (isHalf(before, at) || isHalf(after, at)) at--
  if (end && (isHalf(before, before.length - end) || isHalf(after, after.length - end))) end--
  return { at, remove: before.length - end - at, insert: after.slice(at, after.length - end) }
}

/** Whether a place lies within one letter that takes two units. @param {string} text @param {number} at */
function isHalf (text, at) {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000
}
