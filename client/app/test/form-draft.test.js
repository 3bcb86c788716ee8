import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Draft } from '../src/form/draft.js'
import { elementId, keyOf, same, stepsOf } from '../src/form/path.js'

test('a field is written and taken out, and with it what it leaves empty', async () => {
  const draft = new Draft({ status: 'open' })
  await draft.put(['address', 'city'], 'Bonn')
  assert.deepEqual(draft.value, { status: 'open', address: { city: 'Bonn' } })
  await draft.put(['address', 'city'], undefined)
  assert.deepEqual(draft.value, { status: 'open' })
})

test('rows keep their identity when others come, go and move', async () => {
  const draft = new Draft({ parts: [{ part: 'a' }, { part: 'b' }] })
  const [a, b] = draft.rows(['parts']).map(({ id }) => id)
  const c = await draft.insertRow(['parts'], 1, { part: 'c' })
  await draft.moveRow(['parts'], a, 2)
  assert.deepEqual(draft.rows(['parts']).map(({ id }) => id), [c, b, a])
  await draft.put(['parts', b, 'part'], 'B')
  assert.deepEqual(draft.value, { parts: [{ part: 'c' }, { part: 'B' }, { part: 'a' }] })
  await draft.removeRow(['parts'], c)
  assert.equal(draft.get(['parts', a, 'part']), 'a')
  await draft.put(['parts', a, 'part'], undefined)
  assert.deepEqual(draft.value, { parts: [{ part: 'B' }, {}] }, 'an emptied row stays a row')
  await draft.removeRow(['parts'], a)
  await draft.removeRow(['parts'], b)
  assert.deepEqual(draft.value, {})
})

test('a set takes each element once; a counter adds without dust', async () => {
  const draft = new Draft({})
  await draft.include(['tags'], 'wet')
  await draft.include(['tags'], 'wet')
  await draft.include(['tags'], 'dark')
  await draft.exclude(['tags'], 'wet')
  await draft.add(['hours'], 0.1)
  await draft.add(['hours'], 0.2)
  assert.deepEqual(draft.value, { tags: ['dark'], hours: 0.3 })
})

test('values that others hold are never changed', async () => {
  const start = Object.freeze({ parts: Object.freeze([Object.freeze({ part: 'a' })]), address: Object.freeze({ city: 'Bonn' }) })
  const draft = new Draft(start)
  await draft.put(['address', 'city'], 'Kiel')
  await draft.insertRow(['parts'], 0, { part: 'b' })
  await draft.put(['parts', draft.rows(['parts'])[1].id, 'part'], 'c')
  assert.deepEqual(start, { parts: [{ part: 'a' }], address: { city: 'Bonn' } })
})

test('paths become names and pointers, and back', () => {
  assert.equal(keyOf(['a/b', 'c~d']), '/a~1b/c~0d')
  assert.deepEqual(stepsOf('/a~1b/c~0d'), ['a/b', 'c~d'])
  assert.equal(elementId(['of what', 'x']), 'f/of%20what/x')
  assert.ok(same({ a: [1, { b: null }] }, { a: [1, { b: null }] }))
  assert.ok(!same({ a: undefined }, {}))
  assert.ok(!same([1], { 0: 1 }))
})
