// What two people do to one field without a network, step by step: prepared, so that it
// shows what is special about how the field merges.

import { same } from '../../form/path.js'
import { s } from '../../words/studio.js'
import { sampleElements, sampleRows, samples } from './samples.js'
import { inWords, optionOf } from './telling.js'

/**
 * @typedef {import('../../form/model.js').Control} Control
 * @typedef {import('../type.js').Read} Read
 * @typedef {import('./world.js').World} World
 * @typedef {import('./device.js').Editor} Editor
 *
 * @typedef {object} Step
 * @property {string} say
 * @property {number[]} who whose phones it is about
 * @property {(world: World) => unknown} run
 *
 * @typedef {object} Story
 * @property {{[key: string]: any}} start what the record holds before
 * @property {boolean} apart the record is on Anna's phone only
 * @property {Step[]} steps
 *
 * What one of the two does.
 * @typedef {{say: import('../../words/studio.js').StudioKey, params?: {[name: string]: any}, edit: (editor: Editor, world: World) => void}} Act
 *
 * @typedef {{start: unknown, anna: Act, ben: Act}} Plot
 */

/**
 * The story of a field; undefined where nothing can be made up that its rules allow.
 * @param {Read} read
 * @param {Control} control of a field of the record
 * @returns {Story | undefined}
 */
export function storyOf (read, control) {
  if (control.strategy === 'serial') return numbered(read, control)
  const plot = plotOf(read, control)
  if (!plot) return undefined
  const start = plot.start === undefined ? {} : { [control.key]: plot.start }
  return { start, apart: false, steps: [
    ...apart(),
    act(control, 0, 'Anna', plot.anna),
    act(control, 1, 'Ben', plot.ben),
    ...meeting(),
    ...control.strategy === 'conflict' ? [pick(control)] : []
  ] }
}

/**
 * The story of a whole form: each edits another field of one record.
 * @param {Read} read
 * @param {Control[]} controls that people can write
 * @param {{[key: string]: any}} start what the record holds before
 * @returns {Story | undefined}
 */
export function storyOfAll (read, controls, start) {
  const fields = controls.filter(({ strategy, when }) => strategy === 'register' && !when.length)
    .map((control) => ({ control, values: samples(read, control, control.path, 2) }))
    .filter(({ values }) => values.length === 2)
  if (fields.length < 2) return undefined
  const [first, second] = fields.map(({ control, values }) => {
    const value = values.find((one) => !same(one, start[control.key]))
    /** @type {Act} */
    const set = { say: 'storySet', params: { value: quoted(inWords(control, value)) }, edit: (e) => e.put([control.key], value) }
    return { control, set }
  })
  return { start, apart: false, steps: [...apart(), act(first.control, 0, 'Anna', first.set), act(second.control, 1, 'Ben', second.set), ...meeting()] }
}

/** @returns {Step[]} */
const apart = () => [{ say: s('storyOffline'), who: [0, 1], run: (world) => { world.connect(0, false); world.connect(1, false) } }]

/** Whoever wrote last is back first: what counts is when it was written. @returns {Step[]} */
const meeting = () => [
  { say: s('storyBack', { name: 'Ben' }), who: [1], run: (world) => world.connect(1, true) },
  { say: s('storyMeet', { name: 'Anna' }), who: [0], run: (world) => world.connect(0, true) }
]

/** @param {Control} control @param {number} at @param {string} name @param {Act} act @returns {Step} */
const act = ({ label }, at, name, { say, params, edit }) => ({
  say: s(say, { name, label: quoted(label), ...params }), who: [at], run: (world) => world.devices[at].update('', (editor) => edit(editor, world))
})

/** @param {Control} control @returns {Step} */
const pick = ({ key }) => ({
  say: s('storyPick'),
  who: [1],
  run: (world) => {
    const [open] = world.devices[1].view.disagreements()
    const value = open?.values[open.values.length - 1].value
    return world.devices[1].update('', (editor) => value === undefined ? editor.remove([key]) : editor.pick([key], value))
  }
})

/** @param {Read} read @param {Control} control @returns {Story} */
function numbered (read, control) {
  const other = read.sections.flatMap(({ controls }) => controls).find((one) => one !== control && one.kind === 'text' && !one.readOnly)
  const [value] = other ? samples(read, other, other.path, 1) : []
  return { start: other && value !== undefined ? { [other.key]: value } : {}, apart: true, steps: [
    { say: s('storyMade'), who: [0], run: () => {} },
    { say: s('storyNumber'), who: [0], run: (world) => world.connect(0, true) }
  ] }
}

/**
 * @param {Read} read
 * @param {Control} control
 * @returns {Plot | undefined}
 */
function plotOf (read, control) {
  switch (control.strategy) {
    case 'counter': return counted(read, control)
    case 'text': return typed(control)
    case 'set': return collected(read, control)
    case 'list': return listed(read, control)
    case 'map': return mapped(read, control)
    default: return written(read, control)
  }
}

/** @param {string} value */
const quoted = (value) => s('quoted', { value })

/** One value, of which one stays, or both until somebody picks. @param {Read} read @param {Control} control @returns {Plot | undefined} */
function written (read, control) {
  const found = samples(read, control, control.path, 3)
  if (found.length < 2) return undefined
  const [start, ...rest] = found.length < 3 ? [undefined, ...found] : found
  // Of what only goes one way Anna writes what stays, and Ben writes later.
  const sorted = control.strategy === 'max' || control.strategy === 'min' ? [start, ...rest].sort(inOrder) : [start, ...rest]
  const [first, second, third] = control.strategy === 'max' ? [sorted[0], sorted[2], sorted[1]] : control.strategy === 'min' ? [sorted[2], sorted[0], sorted[1]] : sorted
  const set = (/** @type {any} */ value) => ({ say: /** @type {const} */ ('storySet'), params: { value: quoted(inWords(control, value)) }, edit: (/** @type {Editor} */ e) => e.put([control.key], value) })
  return { start: first, anna: set(second), ben: set(third) }
}

/** @param {any} a @param {any} b */
const inOrder = (a, b) => a === undefined ? -1 : b === undefined ? 1 : a < b ? -1 : 1

/** @param {Read} read @param {Control} control @returns {Plot | undefined} */
function counted (read, control) {
  const step = control.limits.multipleOf ?? 1
  const [start] = samples(read, control, control.path, 1)
  const fits = (/** @type {number} */ by) => !read.schema.validateField(control.path, start + by).length
  if (start === undefined || !fits(5 * step)) return undefined
  const add = (/** @type {number} */ amount) => ({ say: /** @type {const} */ ('storyCount'), params: { amount }, edit: (/** @type {Editor} */ e) => e.add([control.key], amount) })
  return { start: start || undefined, anna: add(2 * step), ben: add(3 * step) }
}

/** @param {Control} control @returns {Plot} */
function typed ({ key }) {
  return {
    start: s('sampleText'),
    anna: { say: 'storyTypeFirst', edit: (e) => e.splice([key], 0, 0, s('sampleFirst')) },
    ben: { say: 'storyTypeLast', edit: (e) => e.splice([key], s('sampleText').length, 0, s('sampleLast')) }
  }
}

/** @param {Read} read @param {Control} control @returns {Plot | undefined} */
function collected (read, control) {
  const found = sampleElements(read, control, 3)
  if (found.length < 2) return undefined
  const [start, anna, ben] = found.length < 3 ? [undefined, ...found] : found
  const add = (/** @type {any} */ value) => ({ say: /** @type {const} */ ('storyAdd'), params: { value: quoted(inWords(optionOf(control), value)) }, edit: (/** @type {Editor} */ e) => e.include([control.key], value) })
  return { start: start === undefined ? undefined : [start], anna: add(anna), ben: add(ben) }
}

/** @param {Read} read @param {Control} control @returns {Plot | undefined} */
function listed (read, control) {
  const [start, first, second] = sampleRows(read, control, 3)
  if (second === undefined) return undefined
  const { key } = control
  const part = control.controls.find(({ kind, readOnly, key }) => !readOnly && kind === 'number' && key in start)
  const [, , more] = part ? samples(read, part, [...control.path, 'x', part.key], 3) : []
  return {
    start: [start],
    anna: { say: 'storyRow', edit: (e) => { e.insertRow([key], 1, first) } },
    ben: {
      say: part && more !== undefined ? 'storyRowEdit' : 'storyRow',
      edit: (e, world) => {
        e.insertRow([key], 1, second)
        const [row] = world.devices[1].view.rows([key])
        if (part && more !== undefined && row) e.put([key, row.id, part.key], more)
      }
    }
  }
}

/** @param {Read} read @param {Control} control @returns {Plot | undefined} */
function mapped (read, control) {
  const set = (/** @type {Control} */ part, /** @type {string} */ key, /** @type {any} */ value) => ({
    say: /** @type {const} */ ('storySet'),
    params: { label: quoted(part.label), value: quoted(inWords(part, value)) },
    edit: (/** @type {Editor} */ e) => e.put([control.key, key], value)
  })
  const simple = control.controls.filter(({ strategy, readOnly, whole }) => strategy === 'register' && !readOnly && !whole)
  const parts = simple.map((part) => ({ part, values: samples(read, part, part.path, 2) })).filter(({ values }) => values.length === 2)
  if (parts.length >= 2) {
    const [a, b] = parts
    return { start: { [a.part.key]: a.values[0], [b.part.key]: b.values[0] }, anna: set(a.part, a.part.key, a.values[1]), ben: set(b.part, b.part.key, b.values[1]) }
  }
  const row = control.row
  const values = row ? samples(read, row, [...control.path, 'x'], 3) : []
  if (!row || values.length < 2) return undefined
  const [first, second] = s('sampleThings').split(',')
  return { start: undefined, anna: set({ ...row, label: first }, first, values[0]), ben: set({ ...row, label: second }, second, values[1]) }
}
