// What happened, in words.

import { isElement } from '../../../../js/src/crdt/stamp.js'
import { textOf } from '../../form/shown.js'
import { formatList, formatNumber, language } from '../../words/words.js'
import { s } from '../../words/studio.js'
import { records } from './samples.js'
import { sitesOf, wroteOf } from './tale.js'

/**
 * @typedef {import('./tale.js').Tale} Tale
 * @typedef {import('../../form/model.js').Control} Control
 * @typedef {(path: string[]) => Control | undefined} Controls finds the control of a path
 */

/**
 * @param {Tale} tale
 * @param {Controls} controlAt
 * @returns {string} one or two sentences
 */
export function tellOf (tale, controlAt) {
  const control = controlAt(tale.path)
  const now = tale.strategy === 'counter' ? inWords(control, tale.now) : shown(control, tale.now)
  const params = { by: tale.by, other: tale.other, label: labelOf(tale.path, controlAt), now }
  switch (tale.what) {
    case 'numbered': return s('toldNumbered', params)
    case 'ahead': return s('toldAhead', params)
    case 'behind': return s('toldBehind', params)
    case 'picked': return s('toldPicked', params)
    case 'row': return s('metRowKept', params)
    case 'met': return met(tale, control, params)
    case 'apart': return arrived(tale, control, params) + ' ' + s('toldApart', params)
  }
  return arrived(tale, control, params)
}

/** @param {Tale} tale @param {Control | undefined} control @param {{[name: string]: string}} params */
function arrived ({ strategy, mine, now }, control, params) {
  switch (strategy) {
    case 'counter': return s('toldAdded', { ...params, mine: signed(mine) })
    case 'text': return s('toldTyped', params)
    case 'list': return s('toldRows', params)
    case 'set': return [
      mine.in.length && s('toldIn', { ...params, values: listed(control, mine.in) }),
      mine.out.length && s('toldOut', { ...params, values: listed(control, mine.out) })
    ].filter(Boolean).join(' ')
  }
  return now === undefined ? s('toldEmptied', params) : s('toldSet', params)
}

/** @param {Tale} tale @param {Control | undefined} control @param {{[name: string]: string}} params */
function met (tale, control, params) {
  const { strategy, mine, theirs, now, values, by, other, wins, byClock } = tale
  switch (strategy) {
    case 'counter': return s('metCounter', { ...params, mine: signed(mine), theirs: signed(theirs) })
    case 'text': return s('metText', params)
    case 'set': return s('metSet', params)
    case 'list': return s('metRows', { ...params, n: Array.isArray(now) ? now.length : 0 })
    case 'conflict': if (values.length > 1) return s('metConflict', { ...params, values: formatList(values.map((one) => shown(control, one))) })
  }
  if (!wins) return s('metSame', params)
  const [kept, lost] = wins === by ? [mine, theirs] : [theirs, mine]
  const key = ways[strategy]?.[isMoment(control) ? 1 : 0] ?? (byClock ? 'metByClock' : 'metNewer')
  return s(key, { ...params, wins, loses: wins === by ? other : by, kept: shown(control, kept), lost: shown(control, lost) })
}

/** @type {{[strategy: string]: import('../../words/studio.js').StudioKey[]}} of numbers, of days */
const ways = { max: ['metLarger', 'metLater'], min: ['metSmaller', 'metEarlier'] }

/** @param {{kind: string} | undefined} control */
const isMoment = (control) => !!control && ['date', 'datetime', 'time'].includes(control.kind)

/** @param {Control | undefined} control @param {unknown} value */
export function shown (control, value) {
  if (value === undefined || value === null || value === '') return s('emptied')
  if (Array.isArray(value) && control && control.strategy === 'set') return listed(control, value)
  return s('quoted', { value: inWords(control, value) })
}

/**
 * A value on one line.
 * @param {Control | undefined} control
 * @param {unknown} value
 */
export function inWords (control, value) {
  const name = control?.refers && typeof value === 'string' ? records[value] : undefined
  return name ? s('sampleRecord', { name }) : textOf(control, value)
}

/** What an element of a set is shown by. @param {Control} control @returns {Control} */
export const optionOf = (control) => ({ ...(control.row ?? control), options: control.options, refers: control.refers })

/** @param {Control | undefined} control of a set @param {unknown[]} values */
const listed = (control, values) => values.length ? formatList(values.map((one) => s('quoted', { value: inWords(control && optionOf(control), one) }))) : s('emptied')

/** @param {number} amount */
const signed = (amount) => formatNumber(amount, { signDisplay: 'exceptZero' })

/**
 * What a field is called, with what it is in: “Address, Street”.
 * @param {string[]} path
 * @param {Controls} controlAt
 */
export function labelOf (path, controlAt) {
  const labels = path.flatMap((_, i) => {
    const control = controlAt(path.slice(0, i + 1))
    if (control?.path[i] === '*') return isElement(path[i]) ? [] : [path[i]]
    return control ? [control.label] : []
  })
  return s('quoted', { value: labels.join(', ') || path.join(', ') })
}

/**
 * What one change wrote, on one line.
 * @param {import('./tale.js').Op[]} ops
 * @param {string | undefined} only the key of the one field that counts; undefined: all do, and are named
 * @param {Controls} controlAt
 */
export function shortOf (ops, only, controlAt) {
  const sites = [...sitesOf(ops).values()].filter(({ path }) => only === undefined || path[0] === only)
  return sites.map((site) => {
    const wrote = shortSite(site, controlAt(site.path))
    return site.path.length === 1 && only !== undefined ? wrote : s('shortNamed', { label: labelOf(site.path, controlAt), wrote })
  }).join(', ')
}

/** @param {import('./tale.js').Site} site @param {Control | undefined} control */
function shortSite (site, control) {
  const wrote = wroteOf(site)
  switch (site.strategy) {
    case 'counter': return signed(wrote)
    case 'text': return typedIn(site.ops)
    case 'list': return [wrote.in && s('shortRowsIn', { n: wrote.in }), wrote.out && s('shortRowsOut', { n: wrote.out })].filter(Boolean).join(' ') || s('shortRows')
    case 'set': return [wrote.in.length && '+ ' + listed(control, wrote.in), wrote.out.length && '− ' + listed(control, wrote.out)].filter(Boolean).join(' ')
  }
  return shown(control, wrote)
}

/** What was typed into a text, as far as it fits a line. @param {import('./tale.js').Op[]} ops */
function typedIn (ops) {
  const text = ops.flatMap((op) => op.kind === 'insert' ? [op.text] : []).join('').trim()
  return text ? '+ ' + s('quoted', { value: text.length > 60 ? text.slice(0, 60) + '…' : text }) : s('shortTyped')
}

/**
 * What a field holds, a line for each of its rows.
 * @param {Control} control
 * @param {any} value
 * @returns {string[]}
 */
export function linesOf (control, value) {
  if (control.strategy !== 'list' || !Array.isArray(value) || !value.length) return [shown(control, value)]
  return value.map((row) => control.kind === 'rows' ? shownParts(control, row).join(' · ') : inWords(control.row ?? undefined, row))
}

/** @param {Control} control @param {any} row */
const shownParts = ({ controls }, row) => controls.filter(({ key }) => row?.[key] !== undefined).map((part) => textOf(part, row[part.key]))

/** @type {{[strategy: string]: import('../../words/studio.js').StudioKey}} */
const merges = {
  register: 'mergeRegister', conflict: 'mergeConflict', counter: 'mergeCounter', max: 'mergeMax', min: 'mergeMin',
  text: 'mergeText', set: 'mergeSet', list: 'mergeList', map: 'mergeMap', serial: 'mergeSerial'
}

/**
 * How a field merges, in a word or two.
 * @param {Control} control
 */
export function mergeOf (control) {
  if (isMoment(control) && control.strategy === 'max') return s('mergeLater')
  if (isMoment(control) && control.strategy === 'min') return s('mergeEarlier')
  return merges[control.strategy] ? s(merges[control.strategy]) : control.strategy
}

/** @type {{[strategy: string]: import('../../words/studio.js').StudioKey}} */
const reasons = {
  register: 'whyRegister', conflict: 'whyConflict', counter: 'whyCounter', max: 'whyMax', min: 'whyMin',
  text: 'whyText', set: 'whySet', list: 'whyList', map: 'whyMap', serial: 'whySerial'
}

/**
 * Why a field merges as it does. The plan says so itself, in English.
 * @param {{why?: string, strategy: string}} field
 */
export const whyOf = ({ why, strategy }) => why && language() === 'en' ? why : reasons[strategy] ? s(reasons[strategy]) : ''
