// Plain values merged into a document that moved on; the same cases as crdt/editor_rebase_test.go.

/** @import { Plan } from '../src/crdt/plan.js' */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Document } from '../src/crdt/document.js'
import { newTime } from '../src/crdt/stamp.js'

/** @type {Plan} */
const plan = {
  strategy: 'map',
  fields: {
    title: { strategy: 'register' },
    hours: { strategy: 'counter' },
    notes: { strategy: 'text' },
    tags: { strategy: 'set' },
    meter: { strategy: 'max' },
    verdict: { strategy: 'conflict' },
    parts: { strategy: 'list', row: { strategy: 'map', fields: { name: { strategy: 'register' }, n: { strategy: 'counter' } } } },
    work: { strategy: 'map', fields: { hours: { strategy: 'counter' } } },
    address: { strategy: 'map', fields: { city: { strategy: 'register' }, zip: { strategy: 'register' }, word: { strategy: 'conflict' } } }
  }
}

/** @typedef {{ [field: string]: any }} Fields */

/** @type {[string, string, Fields, Fields, Fields, Fields][]} */
const cases = [
  ['nobody else was here', 'title', { title: 'a' }, { title: 'b' }, { title: 'a' }, { title: 'b' }],
  ['the later one stays', 'title', { title: 'a' }, { title: 'b' }, { title: 'c' }, { title: 'b' }],
  ['what was not touched stays as it is', 'title', { title: 'a' }, { title: 'a' }, { title: 'c' }, { title: 'c' }],
  ['removed here, changed there', 'title', { title: 'a' }, {}, { title: 'c' }, {}],
  ['other fields are not looked at', 'title', { title: 'a', hours: 1 }, { title: 'b' }, { title: 'a', hours: 3 }, { title: 'b', hours: 3 }],
  ['amounts add up', 'hours', { hours: 2 }, { hours: 3 }, { hours: 2.5 }, { hours: 3.5 }],
  ['amounts add up where there was none', 'hours', {}, { hours: 1 }, { hours: 2.5 }, { hours: 3.5 }],
  ['amounts add up where both added the same', 'hours', { hours: 2 }, { hours: 3 }, { hours: 3 }, { hours: 4 }],
  ['in an object too', 'work', { work: { hours: 2 } }, { work: { hours: 3 } }, { work: { hours: 3 } }, { work: { hours: 4 } }],
  ['a text that is there already', 'notes', { notes: 'pump' }, { notes: 'the pump' }, { notes: 'the pump' }, { notes: 'the pump' }],
  ['both texts stay', 'notes', { notes: 'pump' }, { notes: 'the pump' }, { notes: 'pump leaks' }, { notes: 'the pump leaks' }],
  ['additions stay, what was removed goes', 'tags', { tags: ['a', 'b'] }, { tags: ['b', 'x'] }, { tags: ['a', 'b', 'y'] }, { tags: ['b', 'x', 'y'] }],
  ['the larger stays', 'meter', { meter: 1 }, { meter: 5 }, { meter: 9 }, { meter: 9 }],
  ['rows of both stay', 'parts', { parts: [{ name: 'seal' }] }, { parts: [{ name: 'seal' }, { name: 'bolt' }] }, { parts: [{ name: 'hose' }, { name: 'seal' }] },
    { parts: [{ name: 'hose' }, { name: 'seal' }, { name: 'bolt' }] }],
  ['fields of an object', 'address', { address: { city: 'A', zip: '1' } }, { address: { city: 'B', zip: '1' } }, { address: { city: 'A', zip: '2' } },
    { address: { city: 'B', zip: '2' } }]
]

for (const [name, field, before, after, now, want] of cases) {
  test(name, () => assert.deepEqual(rebased(field, before, after, now).value(), want))
}

test('both values of a conflict field stay, inside an object too; one that was seen makes way', () => {
  const waiting = (/** @type {Document} */ doc) => doc.disagreements().map(d => d.values.length)
  assert.deepEqual(waiting(rebased('verdict', { verdict: 'ok' }, { verdict: 'bad' }, { verdict: 'good' })), [2])
  assert.deepEqual(waiting(rebased('address', { address: { word: 'ok' } }, { address: { word: 'bad' } }, { address: { word: 'good' } })), [2])
  assert.deepEqual(waiting(rebased('verdict', { verdict: 'ok' }, { verdict: 'bad' }, { verdict: 'ok' })), [])
})

test('what does not fit is refused, and adds nothing', () => {
  const e = written({ meter: 5 }).edit('0'.repeat(15) + '9', plan)
  assert.throws(() => e.rebase('meter', { meter: 5 }, { meter: 3 }))
  assert.throws(() => e.rebase('x', {}, { x: 1e17 }))
  assert.deepEqual(e.ops(), [])
})

/**
 * @param {string} field
 * @param {Fields} before
 * @param {Fields} after
 * @param {Fields} now
 */
function rebased (field, before, after, now) {
  const doc = written(now)
  const e = doc.edit('0'.repeat(15) + '9', plan)
  e.rebase(field, before, after)
  doc.apply(change(9, e.ops()))
  return doc
}

/**
 * A document that one change made equal to value.
 * @param {Fields} value
 */
function written (value) {
  const doc = new Document()
  const e = doc.edit('0'.repeat(15) + '1', plan)
  e.putAll(value)
  doc.apply(change(1, e.ops()))
  return doc
}

/**
 * @param {number} n
 * @param {import('../src/crdt/change.js').Op[]} ops
 */
const change = (n, ops) => ({ replica: '0'.repeat(15) + n, n: 1, stamp: newTime(n, 0), type: 'a', version: 1, doc: 'a', ops })
