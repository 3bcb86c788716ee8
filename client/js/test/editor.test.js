// What an editor of JavaScript has to itself; that it makes the operations that Go's makes is
// held by the fuzzer in crdt/twin_test.go.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OpError } from '../src/crdt/check.js'
import { Document } from '../src/crdt/document.js'

/** @import { Change } from '../src/crdt/change.js' */
/** @import { Editor } from '../src/crdt/editor.js' */
/** @import { Plan } from '../src/crdt/plan.js' */

const ME = '00000000000000a1'
const OTHER = '00000000000000b2'

/** @type {Plan} */
const plan = {
  strategy: 'map',
  fields: {
    notes: { strategy: 'text' },
    hours: { strategy: 'counter' },
    reading: { strategy: 'max' },
    tags: { strategy: 'set' },
    who: { strategy: 'conflict' },
    parts: { strategy: 'list', row: { strategy: 'map', fields: { reading: { strategy: 'max' } } } }
  }
}

let clock = 0

/**
 * Makes a change and applies it.
 * @param {Document} d
 * @param {(e: Editor) => void} edit
 * @param {string} [replica]
 * @returns {Change}
 */
function does (d, edit, replica = ME) {
  const e = d.edit(replica, plan)
  edit(e)
  const prev = d.seen()[replica] ?? 0
  const stamp = (++clock).toString(16).padStart(12, '0') + '-0000'
  /** @type {Change} */
  const c = { replica, n: prev + 1, ...(prev && { prev }), stamp, type: 'a', version: 1, doc: 'd', ops: e.ops() }
  assert.equal(d.apply(c), 'applied')
  assert.deepEqual(d.value(), e.value())
  return c
}

/** @param {import('../src/crdt/value.js').Value} value */
function documentOf (value) {
  const d = new Document()
  does(d, e => e.putAll(value))
  return d
}

test('a splice counts UTF-16 units, and halves of a surrogate pair are made whole', () => {
  /** @type {[string, number, number, string][]} */
  const splices = [
    ['a😀b', 1, 2, 'x'], ['a😀b', 3, 0, 'x'], ['a😀b', 4, 0, '😁'], ['a😀b', 0, 4, ''],
    ['a😀b', 2, 1, '\ude01'], // 😀 to 😁 as a comparison of units tells it
    ['a😀b', 1, 1, '\ud83e'], // to another with the same second half
    ['😀😀', 1, 2, '\ude01\ud83d'] // the inner halves of two
  ]
  for (const [old, at, n, text] of splices) {
    const d = documentOf({ notes: old })
    does(d, e => e.splice(['notes'], at, n, text))
    assert.equal(d.text(['notes']), old.slice(0, at) + text + old.slice(at + n))
  }
})

test('a splice that would leave half of a surrogate pair, or is outside the text, is refused', () => {
  const d = documentOf({ notes: 'a😀b' })
  const e = d.edit(ME, plan)
  /** @type {[number, number, string][]} */
  const splices = [[2, 1, ''], [1, 1, ''], [0, 0, '\ud83d'], [2, 0, 'x'], [-1, 0, 'x'], [0, 5, ''], [5, 0, 'x'], [2, -1, 'x'], [0.5, 0, 'x']]
  for (const [at, n, text] of splices) assert.throws(() => e.splice(['notes'], at, n, text), OpError, `${at} ${n} ${text}`)
  assert.deepEqual(e.ops(), [])
})

test('typing letter by letter makes one insertion', () => {
  const d = documentOf({ notes: 'ab' })
  const { ops } = does(d, e => [...'x😀y'].reduce((at, c) => (e.splice(['notes'], at, 0, c), at + c.length), 1))
  assert.equal(ops.length, 1)
  assert.equal(d.text(['notes']), 'ax😀yb')
})

test('calls that are refused add nothing, however far they had come', () => {
  const d = documentOf({ reading: 5, tags: ['a'], parts: [{ reading: 1 }] })
  const [{ id }] = d.rows(['parts'])
  /** @type {((e: Editor) => void)[]} */
  const calls = [
    e => e.putAll({ hours: 1, reading: 4 }), e => e.put(['tags'], ['a', 'a']), e => e.put(['tags'], [[]]),
    e => e.put(['parts'], 'x'), e => e.insertRow(['parts'], 0, { reading: true }), e => e.insertRow(['parts'], 2, {}),
    e => e.insertRow(['parts'], 0.5, {}), e => e.moveRow(['parts'], id, 1), e => e.removeRow(['parts'], ME + '.99'),
    e => e.put(['parts', ME + '.99', 'reading'], 1), e => e.put(['rows', ME + '.1'], 1), e => e.put(['__proto__'], 1),
    e => e.put(['title'], /** @type {any} */ (undefined)), e => e.put(['title'], NaN), e => e.put(['title'], '\ud83d'),
    e => e.include(['tags'], []), e => e.add(['hours'], 0.0000001), e => e.add(['hours'], NaN), e => e.add(['title'], 1),
    e => e.pick(['title'], 1), e => e.pick(['who'], /** @type {any} */ (() => 1)), e => e.put(['reading', 'x'], 1),
    e => e.remove(['reading']), e => e.remove([]), e => e.put([], 1), e => e.put(Array(17).fill('a'), 1)
  ]
  for (const call of calls) {
    const e = d.edit(ME, plan)
    e.include(['tags'], 'b')
    const before = JSON.stringify([e.ops(), e.value()])
    assert.throws(() => call(e), OpError, String(call))
    assert.equal(JSON.stringify([e.ops(), e.value()]), before, String(call))
  }
})

test('what changes nothing is no operation', () => {
  const d = documentOf({ title: { a: [1] }, hours: 2, tags: ['a'], notes: 'x', parts: [{}] })
  const e = d.edit(ME, plan)
  e.put(['title'], 'x')
  e.put(['title'], { a: [1] })
  e.add(['hours'], 0.1)
  e.add(['hours'], -0.1)
  e.putAll({ ...d.value() })
  e.delete()
  e.restore()
  assert.deepEqual(e.ops(), [])
})

test('an editor leaves its document alone, and what it gave stays as it is', () => {
  const d = documentOf({ notes: 'ab' })
  const before = JSON.stringify(d.encode())
  const e = d.edit(ME, plan)
  e.splice(['notes'], 2, 0, 'c')
  const ops = e.ops()
  const told = JSON.stringify(ops)
  e.splice(['notes'], 3, 0, 'd')
  e.add(['hours'], 1)
  assert.equal(JSON.stringify(ops), told)
  assert.equal(JSON.stringify(d.encode()), before)
})

test('a place in a text stays with what was typed there', () => {
  const d = documentOf({ notes: 'one 😀 two' })
  const anchor = d.anchor(['notes'], 6)
  does(d, e => e.splice(['notes'], 0, 0, 'zero 😀 '), OTHER)
  assert.equal(d.indexOf(['notes'], anchor), 14)
  does(d, e => e.splice(['notes'], 10, 5, ''), OTHER)
  assert.equal(d.text(['notes']), 'zero 😀 ontwo')
  assert.equal(d.indexOf(['notes'], anchor), 10)
  assert.equal(d.anchor(['notes'], 0), '')
  assert.equal(d.indexOf(['notes'], ''), 0)
})
