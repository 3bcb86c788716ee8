import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Draft } from '../src/form/draft.js'
import { sectionsOf } from '../src/form/model.js'
import { Form } from '../src/form/state.js'
import { fieldsOf } from '../src/record/changes.js'
import { linesOf, sittings } from '../src/record/timeline.js'
import { setLanguage } from '../src/words/words.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))
const type = { name: 'inspection', schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') }
const form = new Form({ source: new Draft({}), sections: sectionsOf(type), validateField: () => [], validate: () => [], matches: () => true, requiredMessage: (label) => label })

/** @param {number} minute @param {string} by @param {Partial<import('../src/record/timeline.js').FieldEvent>[]} fields */
const entry = (minute, by, ...fields) => ({
  place: by + minute, at: 0, by, stamp: (1.7e12 + minute * 60000).toString(16).padStart(12, '0') + '-0000',
  fields: fields.map((field) => ({ field: 'title', label: 'Title', did: 'set', text: 'Title: x', ...field }))
})

test('what one person did in one go is told together, newest first', () => {
  const entries = [entry(0, 'anna', {}), entry(5, 'anna', {}), entry(6, 'ben', {}), entry(7, 'anna', {}), entry(30, 'anna', {})]
  assert.deepEqual(sittings(entries).map((one) => one.map(({ place }) => place)), [['anna30'], ['anna7'], ['ben6'], ['anna0', 'anna5']])
  assert.deepEqual(linesOf([entries[0], entries[1]], form).map(({ text, n }) => [text, n]), [['Title: x', 2]])
})

test('choices and days are told as people read them, a lost one as it was written', () => {
  const status = { field: 'status', label: 'Status', after: 'on_site', text: 'Status: on_site' }
  const lost = { ...status, lost: true, losses: [{ path: ['status'], wrote: 'done' }] }
  const verdict = { field: 'verdict', label: 'Verdict', after: 'fail', text: 'Verdict: pass' }
  assert.deepEqual(linesOf([entry(0, 'anna', status, lost, verdict)], form).map(({ text }) => text), ['Status: On site', 'Status: Done', 'Verdict: pass'])
  setLanguage('de')
  assert.deepEqual(linesOf([entry(0, 'anna', { did: 'removed' })], form).map(({ text }) => text), ['Title: geleert'])
  setLanguage('en')
})

test('a change that waits names its fields and what it writes', () => {
  const ops = [
    { kind: 'set', path: ['status'], value: 'on_site' }, { kind: 'set', path: ['address', 'city'], value: 'Bonn' }, { kind: 'insert', path: ['notes'], text: 'hello' },
    { kind: 'set', path: ['parts', 'a.1', 'quantity'], value: 3 }, { kind: 'ensure', path: ['tags'], value: true, as: 'set' }, { kind: 'include', path: ['tags'], value: 'wet' }
  ]
  assert.deepEqual(fieldsOf(type, { ops }).map(({ label, wrote }) => `${label}: ${wrote}`),
    ['Status: On site', 'Address: City Bonn', 'Notes: hello', 'Parts: Quantity 3', 'Tags: wet'])
  assert.deepEqual(fieldsOf(type, { ops: [{ kind: 'delete' }] }), [{ label: 'Moved to the trash', wrote: '' }])
})
