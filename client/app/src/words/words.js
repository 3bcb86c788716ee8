// What the app says, in the language of the person: t('key') looks a phrase up, fills in
// what it names in braces, and chooses between one and many by the rules of the
// language. Dates and numbers are written by Intl in the same language.

import { de } from './de.js'
import { en } from './en.js'
import { formDe } from './form.de.js'
import { formEn } from './form.en.js'

/**
 * A phrase: a text, or texts by the number `n`: zero (exactly none), and the plural
 * categories that the language has.
 * @typedef {string | {zero?: string, one?: string, few?: string, many?: string, other: string}} Phrase
 * @typedef {keyof typeof en | keyof typeof formEn} Key
 * @typedef {{[name: string]: string | number | undefined}} Params
 */

/** @type {{[language: string]: Record<Key, Phrase>}} */
export const catalogues = {
  en: { ...en, ...formEn },
  de: { ...de, ...formDe }
}

/** The languages to choose from, each by its own name. */
export const languages = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' }
]

const kept = 'fieldstack.language'
/** @type {Set<() => void>} */
const listeners = new Set()
let current = wanted()

/** The language the app speaks, as a BCP 47 tag. */
export const language = () => current

/**
 * Speaks another language from now on, and remembers it on this device.
 * @param {string} code one of languages
 */
export function setLanguage (code) {
  if (!(code in catalogues)) return
  try {
    localStorage.setItem(kept, code)
  } catch {}
  speak(code)
}

/**
 * Speaks another language from now on, on this page only.
 * @param {string} code one of languages; another one changes nothing
 */
export function speak (code) {
  if (!(code in catalogues)) return
  current = code
  for (const fn of listeners) fn()
}

/**
 * Calls fn whenever the language changes.
 * @param {() => void} fn
 * @returns {() => void} ends that
 */
export function onLanguage (fn) {
  listeners.add(fn)
  return () => listeners.delete(fn)
}

function wanted () {
  /** @type {(string | null)[]} */
  const wishes = []
  try {
    wishes.push(localStorage.getItem(kept))
  } catch {}
  wishes.push(...(globalThis.navigator?.languages ?? []))
  for (const wish of wishes) {
    const code = wish?.split('-')[0]
    if (code && code in catalogues) return code
  }
  return 'en'
}

/**
 * The phrase of a key, with its parameters filled in; numbers are written as the
 * language writes them.
 * @param {Key} key
 * @param {Params} [params] `n` chooses between one and many
 * @returns {string}
 */
export const t = (key, params) => say(catalogues[current][key] ?? catalogues.en[key] ?? key, params)

/**
 * A phrase with its parameters filled in.
 * @param {Phrase} phrase
 * @param {Params} [params]
 * @returns {string}
 */
export function say (phrase, params) {
  const text = typeof phrase === 'string' ? phrase : plural(phrase, Number(params?.n))
  return params ? text.replace(/\{(\w+)\}/g, (whole, name) => written(params[name]) ?? whole) : text
}

/**
 * @param {Exclude<Phrase, string>} phrase
 * @param {number} n
 */
function plural (phrase, n) {
  if (n === 0 && phrase.zero !== undefined) return phrase.zero
  const category = intl('PluralRules').select(n)
  return phrase[/** @type {'other'} */ (category)] ?? phrase.other
}

/** @param {string | number | undefined} value */
const written = (value) => typeof value === 'number' ? formatNumber(value) : value

/** @type {Map<string, any>} */
const formatters = new Map()

/**
 * A formatter of Intl in the current language; making one is slow, so they are kept.
 * @template {'NumberFormat' | 'DateTimeFormat' | 'PluralRules' | 'RelativeTimeFormat' | 'Collator' | 'ListFormat'} K
 * @param {K} kind
 * @param {object} [options]
 * @returns {InstanceType<(typeof Intl)[K]>}
 */
export function intl (kind, options) {
  const key = current + kind + (options ? JSON.stringify(options) : '')
  let made = formatters.get(key)
  if (!made) {
    made = new (/** @type {any} */ (Intl)[kind])(current, options)
    formatters.set(key, made)
  }
  return made
}

/**
 * A number as people write it.
 * @param {number} n
 * @param {Intl.NumberFormatOptions} [options]
 */
export const formatNumber = (n, options) => intl('NumberFormat', { maximumFractionDigits: 20, ...options }).format(n)

/**
 * A day, such as "4 Mar 2026".
 * @param {string | Date} day `2026-03-04`, which is the same day everywhere, or a moment
 */
export function formatDay (day) {
  const zone = typeof day === 'string' ? { timeZone: 'UTC' } : {}
  return dated(day, { dateStyle: 'medium', ...zone })
}

/**
 * A moment in the time zone of the device, such as "4 Mar 2026, 14:05".
 * @param {string | number | Date} moment
 */
export const formatMoment = (moment) => dated(moment, { dateStyle: 'medium', timeStyle: 'short' })

/**
 * How long ago a moment was, such as "5 minutes ago"; the day itself when it is more
 * than a week.
 * @param {number | Date} moment
 * @param {number} [now]
 */
export function formatAgo (moment, now = Date.now()) {
  const seconds = Math.round((now - Number(moment)) / 1000)
  if (seconds < 45) return t('justNow')
  const format = intl('RelativeTimeFormat', { numeric: 'auto' })
  if (seconds < 3600) return format.format(-Math.max(1, Math.round(seconds / 60)), 'minute')
  if (seconds < 86400) return format.format(-Math.round(seconds / 3600), 'hour')
  if (seconds < 7 * 86400) return format.format(-Math.round(seconds / 86400), 'day')
  return formatDay(new Date(Number(moment)))
}

/**
 * @param {string | number | Date} value
 * @param {Intl.DateTimeFormatOptions} options
 */
function dated (value, options) {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? String(value) : intl('DateTimeFormat', options).format(date)
}

/**
 * "a, b and c".
 * @param {string[]} words
 */
export const formatList = (words) => intl('ListFormat', { type: 'conjunction' }).format(words)
