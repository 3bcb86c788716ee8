// Values that people could write into a field, made up and held against its rules: for
// stories, and for what a record to rehearse with begins with.

import { placeKeys } from '../../form/model.js'
import { same } from '../../form/path.js'
import { s } from '../../words/studio.js'

/**
 * @typedef {import('../../form/model.js').Control} Control
 * @typedef {import('../type.js').Read} Read
 */

/**
 * Up to n different values that a field takes; fewer where its rules leave fewer to think of.
 * @param {Read} read
 * @param {Control} control
 * @param {string[]} path with any name for a row
 * @param {number} n
 * @returns {any[]}
 */
export const samples = (read, control, path, n) => fitting(candidates(read, control, path), n, (value) => !read.schema.validateField(path, value).length)

/**
 * Up to n different elements that a set takes.
 * @param {Read} read
 * @param {Control} control of the set
 * @param {number} n
 */
export function sampleElements (read, { row, path, kind, type }, n) {
  if (!row) return []
  const words = kind === 'tags' && type === 'string' ? s('sampleTags').split(',') : []
  const found = kind === 'references' ? Object.keys(records) : [...words, ...candidates(read, row, path)]
  return fitting(found, n, (value) => !read.schema.validateField(path, value, true).length)
}

/**
 * @param {unknown[]} values
 * @param {number} n
 * @param {(value: unknown) => boolean} fits
 */
function fitting (values, n, fits) {
  /** @type {any[]} */
  const found = []
  for (const value of values) {
    if (found.length === n) break
    if (!found.some((one) => same(one, value)) && fits(value)) found.push(value)
  }
  return found
}

/**
 * @param {Read} read
 * @param {Control} control
 * @param {string[]} path
 * @returns {unknown[]}
 */
function candidates (read, control, path) {
  const examples = [control.preset].filter((one) => one !== undefined)
  if (control.whole || control.kind === 'group') return objects(read, control, path)
  if (control.options.length) return control.options.map(({ value }) => value)
  switch (control.kind) {
    case 'yesno': return [true, false]
    case 'number': case 'meter': case 'counter': return [...examples, ...numbers(control)]
    case 'date': return days.map((day) => day.slice(0, 10))
    case 'datetime': return days
    case 'time': return ['09:00:00Z', '11:30:00Z', '14:15:00Z']
    case 'email': return ['olga', 'anna', 'ben'].map((name) => name + '@example.org')
    case 'phone': return ['+49 228 555 0100', '+49 228 555 0101', '+49 228 555 0102']
    case 'link': return ['start', 'anna', 'ben'].map((name) => 'https://example.org/' + name)
    case 'person': return ['olga', 'anna', 'ben']
    case 'reference': return Object.keys(records)
    default: return [...examples, ...texts()]
  }
}

const days = ['2026-03-02T09:00:00.000Z', '2026-03-04T11:30:00.000Z', '2026-03-09T14:15:00.000Z', '2030-01-07T09:00:00.000Z', '2031-01-07T09:00:00.000Z', '2032-01-07T09:00:00.000Z']

/** Records that a reference can name, by id. They are nowhere else. @type {{[id: string]: string}} */
export const records = {
  '00000000-0000-7000-8000-00000000000a': 'A',
  '00000000-0000-7000-8000-00000000000b': 'B',
  '00000000-0000-7000-8000-00000000000c': 'C'
}

/** Texts of several forms: what a pattern asks for may be among them. */
const texts = () => [
  s('sampleStart'), s('sampleAnna'), s('sampleBen'), 'Anna', 'Ben', 'Olga', 'A', 'B', 'C', 'AB', 'AC', 'AD', 'ABC', 'ABD', 'ABE',
  '10115', '20095', '53111', '1', '2', '3', '12', '13', '14', '123', '124', '125', '1234', '1235', '1236', '123456', '123457', '123458',
  'A1', 'A2', 'A3', 'A-1', 'A-2', 'A-3', 'AB-12', 'AB-13', 'AB-14', 'AB-123', 'AB-124', 'AB-125', 'AB-1234', 'AB-1235', 'AB-1236',
  'anna', 'ben', 'olga', 'anna-1', 'ben-1', 'olga-1'
]

/** Numbers from the middle of what is allowed, then from its edge. @param {Control} control */
function numbers ({ limits: { minimum, maximum, multipleOf } }) {
  const step = multipleOf ?? 1
  const low = minimum ?? (maximum ?? 30 * step) - 20 * step
  const middle = maximum === undefined || minimum === undefined ? low + 10 * step : (minimum + maximum) / 2
  return [middle, low].flatMap((from) => [0, 2, 5, 1, 3].map((n) => Number(((Math.ceil(from / step) + n) * step).toPrecision(12))))
}

/**
 * Objects of which every part is filled in.
 * @param {Read} read
 * @param {Control} control
 * @param {string[]} path
 */
function objects (read, control, path) {
  const place = placeKeys(control)
  if (place) return [[50.7374, 7.0982], [50.9413, 6.9583], [52.52, 13.405]].map(([lat, long]) => ({ [place[0]]: lat, [place[1]]: long }))
  const parts = control.controls.filter(({ readOnly, kind }) => !readOnly && kind !== 'other')
  const filled = parts.map((part) => ({ part, values: control.whole ? candidates(read, part, [...path, part.key]) : samples(read, part, [...path, part.key], 3) }))
  return [0, 1, 2].map((i) => Object.fromEntries(filled.filter(({ values }) => values.length).map(({ part, values }) => [part.key, values[i % values.length]])))
}

/**
 * Rows for a list, each with what a row needs and a little more.
 * @param {Read} read
 * @param {Control} control of the list
 * @param {number} n
 * @returns {any[]}
 */
export function sampleRows (read, control, n) {
  const path = [...control.path, 'x']
  if (control.kind === 'list') return control.row ? samples(read, control.row, path, n) : []
  const things = s('sampleThings').split(',')
  const parts = control.controls.filter(({ readOnly, kind }) => !readOnly && !['rows', 'list', 'group', 'other', 'keys'].includes(kind))
  /** @param {Control[]} some @param {number} i @returns {any} */
  const row = (some, i) => Object.fromEntries(some.flatMap((part) => {
    const values = part.kind === 'text' ? things.filter((one) => !read.schema.validateField([...path, part.key], one).length) : []
    const all = values.length ? values : samples(read, part, [...path, part.key], n)
    return all.length ? [[part.key, all[i % all.length]]] : []
  }))
  // What a part asks of the others may be more than can be made up: then fewer are filled in.
  const ways = [parts.filter((part, at) => part.required || at < 3), parts.filter(({ required }) => required), parts.slice(0, 1)]
  return ways.map((some) => Array.from({ length: n }, (_, i) => row(some, i)).filter((one) => Object.keys(one).length && !read.schema.validateField(path, one).length))
    .find((rows) => rows.length === n) ?? []
}

/**
 * What a record to rehearse the whole form with begins with: its defaults, and what it has to have.
 * @param {Read} read
 * @param {{[key: string]: unknown}} start its defaults
 */
export function sampleRecord (read, start) {
  const controls = read.sections.flatMap((section) => section.controls)
  const filled = controls.filter(({ required, readOnly, key }) => required && !readOnly && !(key in start)).flatMap((control) => {
    const [value] = control.kind === 'rows' || control.kind === 'list' ? [sampleRows(read, control, 1)] : samples(read, control, control.path, 1)
    return value === undefined ? [] : [[control.key, value]]
  })
  return { ...start, ...Object.fromEntries(filled) }
}
