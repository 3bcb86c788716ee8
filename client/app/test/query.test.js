import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, days, filterWords, parseQuery, queryText, withFilter } from '../src/list/query.js'
import { choiceWords, filterFields, choiceOf, nameOf, showValue, sortFields, tellingFields, titleField } from '../src/list/fields.js'
import { field, workOrder as type } from './work-orders.js'
import { setLanguage } from '../src/words/words.js'

setLanguage('en')

test('a query and its text are the same thing', () => {
  for (const text of ['', 'q=pump', 'q=pump&sort=due&trash=1&f.due=2026-03-01..&f.status=done&f.status=open', 'f.assignee=%24me']) {
    assert.equal(queryText(parseQuery(text)), text)
  }
  assert.equal(queryText(parseQuery('f.status=open&q=%20&f.status=done&sort=-_updated&x=1')), 'f.status=done&f.status=open')
  assert.equal(queryText(withFilter(parseQuery('f.status=open&f.urgent=yes'), 'status', [])), 'f.urgent=yes')
})

test('filters become a condition', () => {
  const now = new Date(2026, 2, 4, 23, 30)
  const condition = (/** @type {string} */ text) => conditionOf(parseQuery(text), type, now)
  assert.equal(condition(''), undefined)
  assert.deepEqual(condition('f.status=open&f.status=done'), { field: 'status', in: ['open', 'done'] })
  assert.deepEqual(condition('f.status=open&f.urgent=no'), { all: [{ field: 'status', in: ['open'] }, { field: 'urgent', not: true }] })
  assert.deepEqual(condition('f.assignee=%24me'), { field: 'assignee', is: '$me' })
  assert.deepEqual(condition('f.due=today'), { all: [{ field: 'due', from: '2026-03-04' }, { field: 'due', to: '2026-03-04' }] })
  assert.deepEqual(condition('f.due=overdue'), { field: 'due', to: '2026-03-03' })
  assert.equal(condition('f.gone=1&f.due=nonsense'), undefined, 'what the type does not have is left out')
})

test('a choice that is a number is compared as a number, a moment by when days begin here', () => {
  const fields = [
    field({ path: ['grade'], title: 'Grade', type: 'integer', enum: [1, 2, null] }),
    field({ path: ['a.b'], title: 'At', format: 'date-time' })
  ]
  const other = { ...type, fields }
  assert.deepEqual(conditionOf(parseQuery('f.grade=2&f.grade=null'), other), { field: 'grade', in: [2, null] })
  const day = new Date(2026, 2, 5).toISOString().replace('.000', '')
  assert.deepEqual(conditionOf(parseQuery('f.a.b=..2026-03-04'), other), { field: 'a\\.b', below: day })
})

test('days go over the end of a month', () => {
  assert.deepEqual(days('week', new Date(2026, 1, 26)), ['2026-02-26', '2026-03-04'])
  assert.deepEqual(days('2026-01-01..', new Date()), ['2026-01-01', ''])
  assert.deepEqual(days('constructor', new Date()), ['', ''])
})

test('filters are told in words', () => {
  assert.deepEqual(filterWords(parseQuery('f.status=in_progress&f.assignee=%24me&f.due=overdue&f.urgent=yes'), type).map((f) => f.text),
    ['Status: In progress', 'Assigned to: me', 'Due: Before today', 'Urgent: Yes'])
  assert.equal(filterWords(parseQuery('f.due=2026-03-04..'), type)[0].text, 'Due: from Mar 4, 2026')
})

test('a list knows what names a record and what tells about it', () => {
  const keys = (/** @type {{path: string[]}[]} */ fields) => fields.map((f) => f.path[0])
  assert.equal(titleField(type)?.path[0], 'title')
  assert.deepEqual(keys(tellingFields(type)), ['number', 'status', 'priority', 'due'])
  assert.deepEqual(filterFields(type).map((f) => f.field.path[0] + ':' + f.kind), ['status:choice', 'priority:choice', 'assignee:me', 'due:day', 'urgent:flag'])
  assert.deepEqual(keys(sortFields(type)), ['number', 'title', 'status', 'priority', 'site', 'assignee', 'due', 'urgent', 'hours'])
  assert.equal(nameOf(type, { title: ' ', number: 'WO-0001' }), 'WO-0001')
  assert.equal(nameOf(type, undefined), 'Without a title')
})

test('a choice is called by its title, where the type gives one', () => {
  const fields = [
    field({ path: ['grade'], title: 'Grade', enum: ['a', 'b'], options: [{ value: 'a', title: 'As new' }, { value: 'b' }] }),
    field({ path: ['risks'], title: 'Risks', strategy: 'set', type: 'array', options: [{ value: 'height' }, { value: 'gas', title: 'Fumes' }] })
  ]
  const graded = { ...type, fields }
  const { field: grade } = filterFields(graded)[0]
  assert.equal(choiceOf(grade, 'a'), 'As new')
  assert.equal(showValue(grade, 'b'), 'B')
  assert.deepEqual(filterWords(parseQuery('f.grade=a&f.grade=b'), graded).map((f) => f.text), ['Grade: As new, B'])
  assert.deepEqual(filterWords(parseQuery('f.risks=gas&f.risks=height'), graded).map((f) => f.text), ['Risks: Height, Fumes'])
  assert.deepEqual(conditionOf(parseQuery('f.risks=gas'), graded), { any: [{ field: 'risks', has: 'gas' }] })
})

test('values are shown as people read them', () => {
  assert.equal(choiceWords('in_progress'), 'In progress')
  assert.equal(choiceWords('WO-7'), 'WO-7')
  assert.equal(showValue(field({ format: 'date' }), '2026-03-04'), 'Mar 4, 2026')
  assert.equal(showValue(field({}), null), '')
  assert.equal(showValue(field({}), false), 'No')
  assert.equal(showValue(field({ type: 'number' }), 1234.5), '1,234.5')
  assert.equal(showValue(field({}), ['a', 'b']), 'a, b')
})
