// The vectors about texts of JSON, changes and clocks.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { canonical } from '../src/crdt/canonical.js'
import { changeFromValue, changeText } from '../src/crdt/change.js'
import { Clock } from '../src/crdt/stamp.js'
import { ValueError, checkValue, equalValues } from '../src/crdt/value.js'

/** @typedef {{ name: string, text?: string, hex?: string, canonical?: string, refused?: boolean, path?: string }} Text */

const vectors = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL('../../../crdt/testdata/vectors/' + name, import.meta.url), 'utf8'))

/** Mistakes that JSON.parse neither refuses nor leaves for anybody to see. */
const GONE_ONCE_PARSED = ['a key that occurs twice', 'a key that occurs twice in two spellings', 'a member that occurs twice']

/**
 * @param {string} file
 * @param {(v: unknown) => string} read gives the canonical spelling
 */
function checkTexts (file, read) {
  for (const k of /** @type {Text[]} */ (vectors(file).texts)) {
    if (GONE_ONCE_PARSED.includes(k.name)) continue
    test(`${file}: ${k.name}`, () => k.refused ? checkRefusal(k, read) : checkSpelling(k, read))
  }
}

/** @param {Text} k */
const parse = k => JSON.parse(k.hex ? new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(k.hex, 'hex')) : k.text ?? '')

/**
 * @param {Text} k
 * @param {(v: unknown) => string} read
 */
function checkSpelling (k, read) {
  const got = read(parse(k))
  assert.equal(got, k.canonical)
  assert.equal(read(JSON.parse(got)), got)
}

/**
 * @param {Text} k
 * @param {(v: unknown) => string} read
 */
function checkRefusal (k, read) {
  let v
  try {
    v = parse(k)
  } catch {
    return // no JSON at all: there is nothing to blame
  }
  assert.throws(() => read(v), e => {
    assert.ok(e instanceof ValueError, String(e))
    assert.ok(e.message.endsWith('.'), e.message)
    if (k.path !== undefined) assert.equal(e.path, k.path, e.message)
    return true
  })
}

/** @param {unknown} v */
function readValue (v) {
  checkValue(v)
  return canonical(v)
}

checkTexts('canonical-json.json', readValue)
checkTexts('change-texts.json', v => changeText(changeFromValue(v)))

/** @typedef {{ name: string, last: string, steps: { now: number, gives?: string, observe: string }[] }} Clocks */

for (const k of /** @type {Clocks[]} */ (vectors('clock.json').clocks)) {
  test('clock.json: ' + k.name, () => {
    const clock = new Clock()
    clock.last = k.last
    for (const step of k.steps) {
      if (step.gives === undefined) clock.observe(step.observe)
      else assert.equal(clock.next(step.now), step.gives)
    }
  })
}

test('what is no plain JSON is no value, and the path says where', () => {
  for (const v of [undefined, NaN, Infinity, 2n ** 60n, new Date(0), () => 1, Symbol('x'), new Map(), [, 1]]) {
    assert.throws(() => checkValue({ a: { 'b/~c': [0, v] } }), e => e instanceof ValueError && e.path.startsWith('/a/b~1~0c/1'))
  }
  checkValue(Object.assign(Object.create(null), { a: 1 }))
})

test('values are bounded', () => {
  const wide = Array(30).fill(0)
  assert.throws(() => checkValue(wide, { nodes: 30 }), ValueError)
  checkValue(wide, { nodes: 31 })
  assert.throws(() => checkValue({ a: 1 }, { nodes: 2 }), ValueError)
  assert.throws(() => checkValue('€€', { string: 5 }), ValueError)
  checkValue('€€', { string: 6 })
  assert.throws(() => checkValue([[0]], { depth: 1 }), ValueError)
})

test('values are equal whatever the order of their keys, and only then', () => {
  assert.ok(equalValues({ a: [1, { b: null }], c: '' }, { c: '', a: [1, { b: null }] }))
  const others = /** @type {import('../src/crdt/value.js').Value[]} */ ([null, false, 0, '', [], {}, [0], { a: 0 }, { b: 0 }, { toString: 0 }, [[]], { a: 0, b: 0 }])
  for (const [i, a] of others.entries()) for (const [j, b] of others.entries()) assert.equal(equalValues(a, b), i === j)
})
