// What a list asks for, as the address has it: `q=pump&sort=-due&f.status=open&f.due=..today`.
// The same text is a saved view and a link to share.

import { choiceOf, filterFields, keyOf } from './fields.js'
import { formatDay, t } from '../words/words.js'

/**
 * @typedef {{
 *   search: string, sort: string, trash: boolean, view: string,
 *   filters: {[field: string]: string[]}
 * }} Query view: id of a view that the server keeps, '' for none; filters: by field, choices by their text; 'yes' or 'no'; a range `from..to` of
 *   days, either side open, or one of spans; '$me'
 * @typedef {import('../app/types.js').Type} Type
 * @typedef {ReturnType<typeof filterFields>[number]} Filter
 */

/** Ranges of days that move with today, in days from it; null is open. */
export const spans = /** @type {{[name: string]: [number | null, number | null]}} */ ({
  overdue: [null, -1],
  today: [0, 0],
  week: [0, 6]
})

/** The order when none was asked for: what moved last comes first. */
export const usualSort = '-_updated'

/**
 * @param {string} text what follows the ? of the address
 * @returns {Query}
 */
export function parseQuery (text) {
  const parameters = new URLSearchParams(text)
  /** @type {Query} */
  const query = { search: parameters.get('q') ?? '', sort: parameters.get('sort') ?? '', trash: parameters.get('trash') === '1', view: parameters.get('view') ?? '', filters: {} }
  for (const [name, value] of parameters) {
    if (name.startsWith('f.') && value) (query.filters[name.slice(2)] ??= []).push(value)
  }
  return query
}

/**
 * @param {Query} query
 * @returns {string} the same text for the same query
 */
export function queryText (query) {
  const parameters = new URLSearchParams()
  if (query.view) parameters.set('view', query.view)
  if (query.search.trim()) parameters.set('q', query.search)
  // In a view the usual order is one to ask for: the view may have another.
  if (query.sort && (query.view || query.sort !== usualSort)) parameters.set('sort', query.sort)
  if (query.trash) parameters.set('trash', '1')
  for (const field of Object.keys(query.filters).sort()) {
    for (const value of [...query.filters[field]].sort()) parameters.append('f.' + field, value)
  }
  return parameters.toString()
}

/**
 * The same query with another filter of one field; none where values is empty.
 * @param {Query} query
 * @param {string} field
 * @param {string[]} values
 * @returns {Query}
 */
export function withFilter (query, field, values) {
  const { [field]: _, ...filters } = query.filters
  return { ...query, filters: values.length ? { ...filters, [field]: values } : filters }
}

/**
 * The condition that a query's filters are. A filter on a field that the type no longer
 * has, or has as something else, is left out.
 * @param {Query} query
 * @param {Type} type
 * @param {Date} [now]
 * @returns {import('../app/types.js').Condition | undefined}
 */
export function conditionOf (query, type, now = new Date()) {
  const parts = filterFields(type).flatMap((filter) => {
    const values = query.filters[keyOf(filter.field)]
    return values ? comparisons(filter, values, now) : []
  })
  return parts.length > 1 ? { all: parts } : parts[0]
}

/**
 * @param {Filter} filter
 * @param {string[]} values
 * @param {Date} now
 * @returns {import('../app/types.js').Condition[]}
 */
function comparisons ({ field, kind }, values, now) {
  // A dot in a key would be a way into an object.
  const name = keyOf(field).replace(/[\\.]/g, '\\$&')
  switch (kind) {
    case 'choice': return [{ field: name, in: chosen(field, values) }]
    case 'has': return [{ any: chosen(field, values).map((v) => ({ field: name, has: v })) }]
    // An unticked box and one nobody touched are both "no" to the person who asks.
    case 'flag': return [values[0] === 'yes' ? { field: name, is: true } : { field: name, not: true }]
    case 'me': return [{ field: name, is: '$me' }]
    case 'day': {
      const [from, to] = days(values[0], now)
      const moment = field.format === 'date-time'
      return [
        ...(from ? [{ field: name, from: moment ? startOf(from, 0) : from }] : []),
        ...(to ? [moment ? { field: name, below: startOf(to, 1) } : { field: name, to }] : []),
      ]
    }
  }
}

/**
 * The choices that were written as texts, as what they are.
 * @param {import('../app/types.js').Field} field
 * @param {string[]} values
 */
const chosen = (field, values) => (field.enum ?? []).filter((v) => values.includes(String(v)))

/**
 * The first and last day of a range, '' where it is open.
 * @param {string} text `2026-03-01..2026-03-04`, or the name of a span
 * @param {Date} now
 * @returns {[string, string]}
 */
export function days (text, now) {
  const span = Object.hasOwn(spans, text) ? spans[text] : undefined
  if (span) return /** @type {[string, string]} */ (span.map((n) => n === null ? '' : dayText(now, n)))
  const [from = '', to = ''] = text.split('..')
  const day = /^\d{4}-\d{2}-\d{2}$/
  return [day.test(from) ? from : '', day.test(to) ? to : '']
}

/**
 * The day of a moment here, some days on.
 * @param {Date} now
 * @param {number} n
 */
function dayText (now, n) {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + n)
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/**
 * When a day begins here, as moments are written.
 * @param {string} day
 * @param {number} n days later
 */
function startOf (day, n) {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year, month - 1, date + n).toISOString().replace('.000', '')
}

/**
 * The filters of a query in words, each with the field that it is of.
 * @param {Query} query
 * @param {Type} type
 * @returns {{key: string, text: string}[]}
 */
export function filterWords (query, type) {
  return filterFields(type).flatMap(({ field, kind }) => {
    const key = keyOf(field), values = query.filters[key]
    if (!values) return []
    if (kind === 'me') return [{ key, text: t('isMe', { field: field.title }) }]
    if (kind === 'day') return [{ key, text: `${field.title}: ${rangeWords(values[0])}` }]
    const words = kind === 'flag' ? t(values[0] === 'yes' ? 'yes' : 'no') : chosen(field, values).map((v) => choiceOf(field, v)).join(', ')
    return [{ key, text: `${field.title}: ${words}` }]
  })
}

/** @param {string} text */
function rangeWords (text) {
  if (Object.hasOwn(spans, text)) return t(/** @type {'overdue' | 'today' | 'week'} */ (text))
  const [from, to] = days(text, new Date())
  if (from && to) return from === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to)}`
  return from ? t('fromDay', { day: formatDay(from) }) : t('toDay', { day: formatDay(to) })
}
