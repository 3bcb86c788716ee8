// What of a type a list shows and asks by: the field that names a record, two or three
// that tell most about it, those to filter by and to sort by.

import { formatDay, formatMoment, formatNumber, t } from '../words/words.js'

/** @typedef {import('../app/types.js').Field} Field */
/** @typedef {import('../app/types.js').Type} Type */

/** @param {Type} type */
const top = (type) => type.fields.filter((f) => f.path.length === 1 && !f.deprecated)

/** @param {Field} f */
export const keyOf = (f) => f.path[0]

/** @param {Field} f */
export const isDay = (f) => f.format === 'date' || f.format === 'date-time'

/** @param {Field} f */
export const isChoice = (f) => Array.isArray(f.enum) && f.enum.length > 0 && f.enum.length <= 40

/** @param {Field} f */
const isLine = (f) => f.type === 'string' && f.strategy !== 'text' && !f.serial && !f.reference && !f.format && !isChoice(f)

/**
 * The field that names a record: the first line of text that is required, or the first there is.
 * @param {Type} type
 * @returns {Field | undefined}
 */
export function titleField (type) {
  const lines = top(type).filter(isLine)
  return lines.find((f) => f.required) ?? lines[0] ?? top(type).find((f) => f.serial)
}

/**
 * The fields that stand under the title: the number, then choices and days, which are
 * what people look for, then lines of text; three at most.
 * @param {Type} type
 * @returns {Field[]}
 */
export function tellingFields (type) {
  const title = titleField(type)
  const fields = top(type)
  const rank = (/** @type {Field} */ f) => f.serial ? 0 : isChoice(f) ? 1 : isDay(f) ? 2 : isLine(f) ? 3 : f.type === 'number' || f.type === 'integer' ? 4 : 9
  return fields
    .filter((f) => f !== title && rank(f) < 9)
    .map((f, i) => ({ f, r: rank(f) * 100 - (f.index ? 50 : 0) + i }))
    .sort((a, b) => a.r - b.r)
    .slice(0, fields.some((f) => f.serial) ? 4 : 3)
    .map(({ f }) => f)
}

/**
 * What a record is called: its title, else its number, else that it has none.
 * @param {Type | undefined} type
 * @param {{[key: string]: any} | undefined} value
 */
export function nameOf (type, value) {
  const fields = type ? [titleField(type), ...top(type).filter((f) => f.serial)] : []
  for (const f of fields) {
    const text = f && value?.[keyOf(f)]
    if (typeof text === 'string' && text.trim()) return text
  }
  return t('untitled')
}

/**
 * A choice of a field, by its label or in words.
 * @param {Field} f
 * @param {unknown} choice
 */
export const choiceOf = (f, choice) => f.options?.find(({ value }) => value === choice)?.title || choiceWords(choice)

/**
 * A choice in words: `in_progress` is shown as "In progress".
 * @param {unknown} choice
 */
export function choiceWords (choice) {
  if (choice === true) return t('yes')
  if (choice === false) return t('no')
  if (choice === null) return '–'
  const text = typeof choice === 'number' ? formatNumber(choice) : String(choice)
  if (!/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/.test(text)) return text
  const words = text.replace(/[_-]/g, ' ')
  return words[0].toUpperCase() + words.slice(1)
}

/**
 * A value on one line; '' when there is nothing to show.
 * @param {Field} f
 * @param {unknown} value
 */
export function showValue (f, value) {
  if (value === undefined || value === null || value === '') return ''
  if (isChoice(f) || typeof value === 'boolean') return choiceOf(f, value)
  if (f.format === 'date' && typeof value === 'string') return formatDay(value)
  if (f.format === 'date-time' && typeof value === 'string') return formatMoment(value)
  if (typeof value === 'number') return formatNumber(value)
  if (Array.isArray(value)) return value.every((v) => typeof v !== 'object') ? value.map(String).join(', ') : t('rows', { n: value.length })
  return typeof value === 'object' ? '' : String(value)
}

/**
 * The fields that a filter is made of, each with its kind: some of several choices, yes
 * or no, from a day to a day, or the person who asks.
 * @param {Type} type
 * @returns {{field: Field, kind: 'choice' | 'has' | 'flag' | 'day' | 'me'}[]}
 */
export function filterFields (type) {
  /** @type {ReturnType<typeof filterFields>} */
  const found = []
  for (const field of top(type)) {
    const several = { ...field, enum: field.options?.map(({ value }) => value) }
    if (isChoice(field)) found.push({ field, kind: 'choice' })
    else if (field.strategy === 'set' && isChoice(several)) found.push({ field: several, kind: 'has' })
    else if (field.type === 'boolean') found.push({ field, kind: 'flag' })
    else if (isDay(field)) found.push({ field, kind: 'day' })
    else if (isPerson(field)) found.push({ field, kind: 'me' })
  }
  return found
}

/**
 * Whether a field holds somebody's sign-in name, as far as its name tells.
 * @param {Field} f
 */
export const isPerson = (f) => isLine(f) && /(^|[^a-z])(assign|technician|engineer|worker|owner|responsible|inspector|operator|monteur|techniker|zust[aä]nd|verantwort|bearbeiter)/i.test(f.title + ' ' + keyOf(f))

/**
 * The fields to sort by.
 * @param {Type} type
 */
export const sortFields = (type) => top(type).filter((f) => ['string', 'number', 'integer', 'boolean'].includes(f.type) || isChoice(f)).filter((f) => f.strategy !== 'text' && f.strategy !== 'conflict')
