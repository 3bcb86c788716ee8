import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMoment, readNumber, readTime, showMoment, showNumber, showTime, spliceOf } from '../src/form/enter.js'

test('numbers are read as people of either language write them', () => {
  /** @type {[string, string, number | undefined, string?][]} */
  const cases = [
    ['12', '.', 12], ['1.5', '.', 1.5], ['1,5', '.', 1.5], ['1,5', ',', 1.5], ['1.5', ',', 1.5], ['1,000', '.', 1000], ['1.000', ',', 1000],
    ['1,000.5', '.', 1000.5], ['1.000,5', ',', 1000.5], ['1 000', ',', 1000], ['−3', '.', -3], ['.5', '.', 0.5], ['7.', '.', 7], ['', '.', undefined],
    ['  ', ',', undefined], ['1,2,3', '.', undefined, 'number'], ['abc', '.', undefined, 'number'], ['1e400', '.', undefined, 'number'], ['--1', '.', undefined, 'number']
  ]
  for (const [raw, decimal, value, fault] of cases) assert.deepEqual({ fault: undefined, ...readNumber(raw, decimal, false) }, { value, fault }, raw)
  assert.equal(readNumber('1.5', '.', true).fault, 'integer')
  assert.deepEqual([showNumber(1.5, ','), showNumber(undefined, ','), showNumber(0, '.')], ['1,5', '', '0'])
})

test('moments are stored in UTC and shown here; a time of day is the time on the wall', () => {
  const stored = readMoment('2026-03-04T13:05')
  assert.match(stored ?? '', /^2026-03-0[345]T\d\d:\d5:00\.000Z$/)
  assert.equal(showMoment(stored), '2026-03-04T13:05')
  assert.deepEqual([readMoment(''), showMoment('nonsense'), showMoment(undefined)], [undefined, '', ''])
  assert.deepEqual([readTime('07:30'), readTime('07:30:15'), readTime(''), showTime('07:30:00+02:00'), showTime(undefined)], ['07:30:00Z', '07:30:15Z', undefined, '07:30', ''])
})

test('typing is told as the one splice that the caret speaks of', () => {
  assert.deepEqual(spliceOf('aaa', 'aaaa', 2), { at: 1, remove: 0, insert: 'a' })
  assert.deepEqual(spliceOf('hello', 'help', 4), { at: 3, remove: 2, insert: 'p' })
  assert.deepEqual(spliceOf('abc', 'abc', 1), { at: 1, remove: 0, insert: '' })
  assert.deepEqual(spliceOf('one two', 'two', 0), { at: 0, remove: 4, insert: '' })
  assert.deepEqual(spliceOf('a😀b', 'a😁b', 3), { at: 1, remove: 2, insert: '😁' }, 'letters of two units stay whole')
})

test('every splice makes the second text of the first', () => {
  const seed = Number(process.env.FIELDSTACK_SEED ?? Date.now() % 2 ** 31)
  let state = seed
  const next = (/** @type {number} */ n) => { state = (state * 1103515245 + 12345) % 2 ** 31; return Math.floor(state / 2 ** 31 * n) }
  const word = () => Array.from({ length: next(6) }, () => ['a', 'b', '😀', '😁'][next(4)]).join('')
  for (let i = 0; i < 5000; i++) {
    const [before, after] = [word(), word()]
    const { at, remove, insert } = spliceOf(before, after, next(after.length + 1))
    assert.equal(before.slice(0, at) + insert + before.slice(at + remove), after, `seed ${seed}`)
    assert.doesNotThrow(() => encodeURIComponent(insert) + encodeURIComponent(before.slice(at, at + remove)), `half a letter, seed ${seed}`)
  }
})
