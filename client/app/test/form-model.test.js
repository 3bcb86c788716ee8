import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { holds, presets, sectionsOf } from '../src/form/model.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))

const type = { name: 'inspection', schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') }
const sections = sectionsOf(type)
const controls = sections.flatMap((section) => section.controls)

/** @param {string} key @param {import('../src/form/model.js').Control[]} [among] */
function control (key, among = controls) {
  const found = among.find((one) => one.key === key)
  assert.ok(found, key)
  return found
}

test('sections are headed by x-section, and a field without one follows the field before it', () => {
  assert.deepEqual(sections.map(({ title }) => title), ['', 'When', 'Measured', 'Findings', 'Where', 'Contact', 'Belongs to', 'Other', 'Finish'])
  assert.deepEqual(sections[0].controls.map(({ key }) => key), ['number', 'title', 'status', 'verdict', 'trade', 'assignee'])
  const bare = sectionsOf({ ...type, schema: { type: 'object', properties: { a: { 'x-section': 'One' }, b: {}, c: { 'x-section': 'Two' }, d: { 'x-section': 'One' } } }, fields: ['a', 'b', 'c', 'd'].map(stringField) })
  assert.deepEqual(bare.map(({ title, controls }) => title + ': ' + controls.map(({ key }) => key)), ['One: a,b,d', 'Two: c'])
})

/** @param {string} key */
const stringField = (key) => ({ path: [key], title: key, strategy: 'register', type: 'string' })

test('every kind of field has its way of being entered', () => {
  const kinds = Object.fromEntries(controls.map(({ key, kind }) => [key, kind]))
  assert.deepEqual(kinds, {
    number: 'serial', title: 'text', status: 'choice', verdict: 'choice', trade: 'choice', assignee: 'person', urgent: 'yesno', reason: 'text',
    day: 'date', arrival: 'time', left: 'datetime', reading: 'number', people: 'number', hours: 'counter', meter: 'meter', coldest: 'meter',
    measures: 'list', tags: 'tags', hazards: 'choices', summary: 'long', notes: 'notes', log: 'notes', parts: 'rows', stock: 'keys',
    address: 'group', place: 'place', email: 'email', phone: 'phone', manual: 'link', order: 'reference', related: 'references',
    form: 'const', checked: 'text', size: 'other', extra: 'other', old: 'text', signature: 'text'
  })
  assert.deepEqual(control('parts').controls.map(({ key, kind, required }) => [key, kind, required]),
    [['part', 'text', true], ['quantity', 'number', false], ['fitted', 'yesno', false], ['why', 'text', false]])
  assert.deepEqual(control('place').controls.map(({ label, required }) => [label, required]), [['Latitude', true], ['Longitude', true]])
  assert.equal(control('stock').row?.kind, 'number')
  assert.equal(control('notes').markdown, true)
  assert.equal(control('log').markdown, false)
})

test('a control carries what the schema says beside the plan', () => {
  assert.deepEqual(control('people').limits, { minimum: 1, maximum: 40 })
  assert.equal(control('reading').unit, 'bar')
  assert.equal(control('title').help, 'What somebody else should recognise it by.')
  assert.deepEqual(control('verdict').options.map(({ label }) => label), ['Passed', 'Look again', 'Failed'])
  assert.deepEqual(control('hazards').options.map(({ label }) => label), ['Asbestos', 'Height', 'Live parts', 'Noise'])
  assert.equal(control('verdict').conflict, true)
  assert.equal(control('order').refers, 'work-order')
  assert.equal(control('related').refers, 'inspection')
  assert.deepEqual(controls.filter(({ readOnly }) => readOnly).map(({ key }) => key), ['number', 'form', 'checked', 'size', 'extra'])
  assert.equal(control('old').deprecated, true)
})

test('what the grant makes read only is so, all the way down', () => {
  const guarded = sectionsOf({ ...type, grant: { create: true, readOnly: ['parts', 'title'] } }).flatMap((section) => section.controls)
  assert.equal(control('title', guarded).readOnly, true)
  assert.deepEqual(control('parts', guarded).controls.map(({ readOnly }) => readOnly), [true, true, true, true])
})

test('a new record starts with the defaults', () => {
  assert.deepEqual(presets(controls), { status: 'planned', form: 'F-12' })
})

test('fields come and go by x-when and by if, and become required', () => {
  /** @type {(condition: unknown, value: unknown) => boolean} */
  const matches = (condition, value) => {
    const { field, is } = /** @type {{field: string, is: unknown}} */ (condition)
    return /** @type {{[key: string]: unknown}} */ (value)[field] === is
  }
  const [when] = control('reason').when
  assert.equal(holds(when, { urgent: true }, matches), true)
  assert.equal(holds(when, { urgent: false }, matches), false)
  assert.equal(control('why', control('parts').controls).when[0].depth, 2, 'of the row')
  const signature = control('signature')
  assert.equal(holds(signature.when[0], { status: 'done' }, matches), true)
  assert.equal(holds(signature.when[0], { status: 'planned' }, matches), false)
  assert.equal(signature.required, false)
  assert.equal(signature.requires.some((test) => holds(test, { status: 'done' }, matches)), true)
  assert.equal(signature.requires.some((test) => holds(test, {}, matches)), false)
})

test('an if that the form cannot work out shows its fields', () => {
  assert.equal(holds({ depth: 0, schema: { properties: { a: { pattern: '^x' } } }, is: true }, { a: 'y' }, () => true), false)
  assert.equal(holds({ depth: 0, schema: { required: ['tags'], properties: { tags: { type: 'array', contains: { const: 'roof' } } } }, is: true }, { tags: ['roof'] }, () => true), true)
  assert.equal(holds({ depth: 0, schema: { required: ['tags'], properties: { tags: { type: 'array', contains: { const: 'roof' } } } }, is: true }, { tags: ['cellar'] }, () => true), false)
  const unknown = { depth: 0, schema: { properties: { a: { multipleOf: 2 } } }, is: true }
  assert.deepEqual([true, false].map((say) => holds(unknown, { a: 3 }, () => true, say)), [true, false])
  assert.equal(holds(unknown, { a: 3 }, () => true), true)
  assert.equal(holds({ depth: 0, schema: { properties: { a: { pattern: '^x' } }, required: ['b'] }, is: true }, { a: 'y' }, () => true), false)
})

test('fields behind $ref and allOf are found, and a null is only a way to be empty', () => {
  const schema = {
    $defs: { step: { type: 'string', maxLength: 9, description: 'Short' } },
    type: 'object',
    allOf: [{ properties: { a: { $ref: '#/$defs/step' } } }],
    properties: { b: { type: ['integer', 'null'], minimum: 2 } }
  }
  const [a, b] = sectionsOf({ name: 'x', schema, fields: [stringField('a'), { ...stringField('b'), type: 'any' }] }).flatMap((s) => s.controls)
  assert.deepEqual([a.limits, a.help], [{ maxLength: 9 }, 'Short'])
  assert.deepEqual([b.kind, b.type, b.nullable, b.limits], ['number', 'integer', true, { minimum: 2 }])
})
