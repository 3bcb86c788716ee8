// The conditions, words and formats mean what the vectors of package schema say.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ConditionError, check, conditionValue, matches, parseCondition, resolve, sentence } from '../src/schema/condition.js'
import { formats } from '../src/schema/formats.js'
import { compareTexts } from '../src/schema/texts.js'
import { findsAll, recordWords, words } from '../src/schema/words.js'

const testdata = new URL('../../../schema/testdata/', import.meta.url)

/** @param {string} name */
const read = name => JSON.parse(readFileSync(new URL(name, testdata), 'utf8'))

test('conditions: the vectors', () => {
  const files = readdirSync(new URL('conditions/', testdata))
  assert.ok(files.length >= 8, 'vectors are missing')
  for (const file of files) {
    for (const v of read('conditions/' + file)) {
      const name = `${file}: ${v.name}`
      if (v.error) {
        assert.throws(() => parseCondition(v.condition), ConditionError, name)
        continue
      }
      const c = parseCondition(v.condition)
      for (const again of [c, parseCondition(JSON.parse(JSON.stringify(conditionValue(c))))]) {
        assert.equal(matches(v.vars ? resolve(again, v.vars) : again, v.value), v.want, name)
        if (v.vars) assert.equal(matches(again, v.value, v.vars), v.want, name)
      }
    }
  }
})

test('conditions: none is always true', () => {
  assert.equal(matches(undefined, {}), true)
  assert.equal(matches(resolve(undefined, { me: '', now: 0 }), {}), true)
  assert.equal(sentence(undefined), 'always')
  assert.equal(sentence(parseCondition({ field: 'a.b', is: 1 })), 'a.b is 1')
  check(undefined, { field: () => undefined })
})

test('conditions: what is no JSON is refused', () => {
  for (const value of [NaN, Infinity, undefined, () => 1]) {
    assert.throws(() => parseCondition({ field: 'a', is: value }), ConditionError)
    assert.throws(() => parseCondition({ field: 'a', above: value }), ConditionError)
  }
})

test('texts are in order by code point, as their UTF-8 is', () => {
  const texts = ['', 'a', 'a\ud83d\ude00', 'ab', '\ud7ff', '\ue000', '\uffff', '\ud800\udc00', '\ud83d\ude00', '\ud83d\ude00a', '\udbff\udfff', '\ufb00']
  for (const a of texts) {
    for (const b of texts) {
      assert.equal(Math.sign(compareTexts(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)), JSON.stringify([a, b]))
    }
  }
})

test('words: the vectors', () => {
  const vectors = read('words.json')
  assert.ok(vectors.length >= 20)
  for (const v of vectors) assert.deepEqual(words(v.value), v.want, v.name)
})

test('words: the first thousand, in the order of the value', () => {
  /** @type {(from: number, to: number) => string[]} */
  const many = (from, to) => Array.from({ length: to - from }, (_, i) => 'w' + String(from + i).padStart(5, '0'))
  const twice = [...many(0, 500), ...many(0, 500)].join(' ')
  assert.deepEqual(words({ c: 'zebra', b: [many(500, 1000).join(' '), many(2000, 9000).join(' ')], a: twice }), many(0, 1000))
  const numbers = words(Array.from({ length: 1500 }, (_, i) => 10_000 + i))
  assert.equal(numbers.length, 1000)
  assert.equal(numbers.at(-1), '10999')
})

test('words: of a record, and what finds it', () => {
  const found = recordWords({ title: 'Fix the pump', n: 7, notes: ['Möwe'] })
  assert.deepEqual(found, ['7', 'fix', 'mowe', 'pump', 'the'])
  for (const [typed, want] of /** @type {[string, boolean][]} */ ([['pu', true], ['FIX möw', true], ['pumps', false], ['', true], ['zz', false], ['p 8', false]])) {
    assert.equal(findsAll(found, words(typed)), want, typed)
  }
})

test('formats: the vectors', () => {
  const seen = new Set()
  for (const v of read('formats.json')) {
    seen.add(v.format)
    for (const text of v.valid) assert.equal(formats[v.format](text), true, `${v.format}: ${JSON.stringify(text)} is valid`)
    for (const text of v.invalid) assert.equal(formats[v.format](text), false, `${v.format}: ${JSON.stringify(text)} is not valid`)
  }
  assert.deepEqual([...seen].sort(), Object.keys(formats).sort())
})
