// A record's history as people read it: what one person did in one go is told together,
// newest first, in the language of the app.

import { textOf } from '../form/shown.js'
import { language, t } from '../words/words.js'

/**
 * What one change did to one field, as the server tells it.
 * @typedef {{
 *   field: string, label: string, did: string, text: string, after?: unknown, lost?: boolean,
 *   losses?: {path: string[], wrote: unknown}[]
 * }} FieldEvent
 * @typedef {{place: string, at: number, by: string, device?: string, stamp: string, fields: FieldEvent[]}} Entry
 * @typedef {import('../form/state.js').Form} Form
 */

/** How long somebody may pause and still be at it, in ms. */
const pause = 10 * 60 * 1000

/**
 * Entries by who did them in one go, newest first; within one, oldest first.
 * @param {Entry[]} entries oldest first
 * @returns {Entry[][]}
 */
export function sittings (entries) {
  /** @type {Entry[][]} */
  const list = []
  for (const entry of entries) {
    const last = list[0]?.at(-1)
    const goesOn = last && last.by === entry.by && last.device === entry.device && Math.abs(timeOf(entry) - timeOf(last)) < pause
    if (goesOn) list[0].push(entry)
    else list.unshift([entry])
  }
  return list
}

/**
 * The sentences about what was done; one that is said several times is said once.
 * @param {Entry[]} entries
 * @param {Form} form
 * @returns {{text: string, n: number, event: FieldEvent}[]}
 */
export function linesOf (entries, form) {
  /** @type {Map<string, {text: string, n: number, event: FieldEvent}>} */
  const lines = new Map()
  for (const event of entries.flatMap(({ fields }) => fields)) {
    const text = sentence(event, form)
    const known = lines.get(text)
    if (known) known.n++
    else lines.set(text, { text, n: 1, event })
  }
  return [...lines.values()]
}

/**
 * When something was done, ms since 1970.
 * @param {Entry} entry
 */
export const timeOf = (entry) => msOf(entry.stamp) || entry.at

/**
 * The time of a stamp, ms since 1970, which its first 48 bits are in hex digits; 0 when it has none.
 * @param {unknown} stamp
 */
export const msOf = (stamp) => typeof stamp === 'string' ? parseInt(stamp.slice(0, 12), 16) || 0 : 0

/** @type {{[did: string]: import('../words/words.js').Key}} */
const did = {
  created: 'recordDidCreated', deleted: 'recordDidDeleted', restored: 'recordDidRestored', removed: 'recordDidRemoved',
  added: 'recordDidAdded', text: 'recordDidText', rows: 'recordDidRows'
}

/** Kinds whose values the server writes as they are stored, and people read otherwise. */
const written = ['choice', 'yesno', 'date', 'datetime', 'time']

/**
 * What was done, in the language of the app. The server tells it in English, and in more
 * detail.
 * @param {FieldEvent} event
 * @param {Form} form
 */
function sentence (event, form) {
  const control = form.controlAt([event.field])
  const ours = event.did === 'set' && !control?.conflict && written.includes(control?.kind ?? '')
  if (language() === 'en' && !ours) return event.text
  const value = event.lost && event.losses?.length ? event.losses[0].wrote : event.after
  const plain = typeof value !== 'object' || value === null || Array.isArray(value)
  return t(did[event.did] ?? 'recordDidSet', { label: event.label, value: plain ? textOf(control, value) : '…' })
}
