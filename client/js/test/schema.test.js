// A type says in the browser what it says in Go: the vectors of schema/testdata/problems.json.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ConditionError, check, parseCondition, sentence } from '../src/schema/condition.js'
import { factsAt } from '../src/schema/facts.js'
import * as english from '../src/schema/messages.js'
import { Schema } from '../src/schema/schema.js'

const vectors = JSON.parse(readFileSync(new URL('../../../schema/testdata/problems.json', import.meta.url), 'utf8'))

/** @param {any} v */
const typeOf = v => new Schema({ name: 't', version: 1, schema: v.schema, fields: v.fields })

/** @param {import('../src/schema/message.js').Problem[]} problems as Go gives them */
const plain = problems => problems.map(({ path, field, rule, message }) => ({ path, field, rule, message }))

for (const v of vectors) {
  test('problems: ' + v.name, () => {
    const s = typeOf(v)
    for (const c of v.values) assert.deepEqual(plain(s.validate(c.value)), c.problems ?? [], JSON.stringify(c.value))
    for (const c of v.places) {
      assert.deepEqual(plain(s.validateField(c.path, c.value, c.element)), c.problems ?? [], JSON.stringify([c.path, c.value]))
    }
    for (const c of v.ops) assert.deepEqual(plain(s.checkOp(c.op)), c.problems ?? [], JSON.stringify(c.op))
    for (const c of v.conditions) {
      const condition = parseCondition(c.condition)
      const name = JSON.stringify(c.condition)
      assert.equal(sentence(condition, s), c.sentence, name)
      if (!c.error) check(condition, s)
      else assert.throws(() => check(condition, s), e => e instanceof ConditionError && e.message === c.error && e.path === (c.path ?? ''), name)
    }
  })
}

const order = typeOf(vectors[0])

test('schema: what it is', () => {
  assert.equal(order.title, 'Work order')
  assert.equal(order.plan.fields?.tags.strategy, 'set')
  assert.equal(order.plan.fields?.parts.row?.fields?.remarks.strategy, 'text')
  assert.equal(order.plan.fields?.hours.rest?.strategy, 'register')
  assert.equal(order.field(['parts', '1.7', 'qty'])?.title, 'Quantity')
  assert.equal(order.field(['hours', 'ann'])?.title, 'Entry of Hours by person')
  assert.equal(order.field(['toString']), undefined)
  assert.equal(order.field([]), undefined)
})

test('schema: what is not JSON can not be checked', () => {
  const [problem, ...more] = order.validate({ title: () => 1 })
  assert.deepEqual(more, [])
  assert.equal(problem.message, 'Work order can not be checked.')
  /** @type {any} */
  const loop = { title: 'Fix it', priority: 'low' }
  loop.anything = loop
  assert.deepEqual(order.validate(loop), [])
})

test('schema: problems carry what the keyword says', () => {
  assert.equal(order.validateField(['title'], 'x')[0].limit, 3)
  assert.deepEqual(order.validateField(['priority'], 'x')[0].limit, ['low', 'normal', 'high'])
})

test('schema: at most a hundred problems', () => {
  const parts = Array.from({ length: 300 }, () => ({ qty: 0 }))
  assert.equal(order.validate({ parts }).length, 100)
})

test('schema: another language', () => {
  const german = { ...english, record: 'Der Satz', inRow: (/** @type {string} */ label, /** @type {number} */ n, /** @type {string} */ of) => `${label} in Zeile ${n} von ${of}`, sentences: { minimum: (/** @type {english.Facts} */ f) => `${f.label} muss mindestens ${f.limit} sein, nicht ${f.value}.` } }
  const s = new Schema({ name: 't', version: 1, schema: vectors[0].schema, fields: vectors[0].fields }, { messages: german })
  assert.equal(s.validateField(['parts', '0', 'qty'], 0)[0].message, 'Quantity in Zeile 1 von Parts muss mindestens 1 sein, nicht 0.')
  assert.equal(s.validateField(['title'], '')[0].message, 'What is to be done must not be empty.')
})

test('at: what a form needs to know', () => {
  /** @type {(path: string, ...words: string[]) => object} */
  const at = (path, ...words) => {
    const facts = factsAt(order, path.split('.')) ?? {}
    return Object.fromEntries(words.map(word => [word, /** @type {any} */ (facts)[word]]))
  }
  assert.deepEqual(at('title', 'type', 'title', 'minLength', 'maxLength', 'required', 'strategy'),
    { type: 'string', title: 'What is to be done', minLength: 3, maxLength: 120, required: true, strategy: 'register' })
  assert.deepEqual(at('priority', 'options', 'default'), { options: [{ value: 'low' }, { value: 'normal' }, { value: 'high' }], default: 'normal' })
  assert.deepEqual(at('tags', 'type', 'uniqueItems', 'items'), { type: 'array', uniqueItems: true, items: { type: 'string', maxLength: 30, nullable: false } })
  assert.deepEqual(at('parts.*.qty', 'type', 'title', 'minimum', 'required'), { type: 'integer', title: 'Quantity', minimum: 1, required: false })
  assert.deepEqual(at('parts.1.name', 'required'), { required: true })
  assert.deepEqual(at('signedBy', 'type', 'nullable'), { type: 'string', nullable: true })
  assert.deepEqual(at('checklist.steps', 'title'), { title: 'Steps' })
  assert.deepEqual(at('notes', 'contentMediaType', 'strategy'), { contentMediaType: 'text/markdown', strategy: 'text' })
  assert.deepEqual(at('range', 'places'), { places: [{ type: 'number', nullable: false }, { type: 'number', nullable: false }] })
  assert.equal(factsAt(order, ['site', 'place', 'lat']), undefined)
  assert.equal(factsAt(order, ['parts', '*']), factsAt(order, ['parts', '1.7']))
})

test('at: a choice with titles, when a field shows, and where', () => {
  /** @type {(path: string[], title: string, strategy?: string, type?: string) => any} */
  const field = (path, title, strategy = 'register', type = 'string') => ({ path, title, strategy, why: '', type })
  const s = new Schema({
    name: 't',
    version: 1,
    schema: {
      properties: {
        a: { oneOf: [{ const: 'x', title: 'Ex' }, { const: null }] },
        b: { $ref: '#/$defs/b' },
        l: { type: 'array', items: { properties: { c: { 'x-when': { field: 'd', empty: false } }, d: {} } } }
      },
      $defs: { b: { type: 'string', 'x-section': 'Costs', 'x-when': { field: 'a', is: 'x' } } }
    },
    fields: [field(['a'], 'A'), field(['b'], 'B'), field(['l'], 'L', 'list', 'array'), field(['l', '*'], 'Row of L', 'map', 'object'), field(['l', '*', 'c'], 'C'), field(['l', '*', 'd'], 'D')]
  })
  assert.deepEqual(factsAt(s, ['a'])?.options, [{ value: 'x', title: 'Ex' }, { value: null }])
  assert.equal(factsAt(s, ['a'])?.nullable, true)
  assert.equal(factsAt(s, ['b'])?.section, 'Costs')
  assert.equal(sentence(factsAt(s, ['b'])?.when, s), 'A is "x"')
  assert.equal(factsAt(s, ['b'])?.whenFrom, 0)
  assert.equal(factsAt(s, ['l', '1.1', 'c'])?.whenFrom, 2)
})
