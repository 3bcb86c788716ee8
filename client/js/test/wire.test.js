// The numbers of a stored document at their extremes, which no vector has.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Wire } from '../src/crdt/wire.js'

const MAX = Number.MAX_SAFE_INTEGER

/**
 * A number as META.md says it is written.
 * @param {bigint} n
 * @returns {number[]}
 */
const spelt = n => n < 128n ? [Number(n)] : [Number(n & 127n) | 128, ...spelt(n >> 7n)]

test('numbers, signed numbers and texts come back as they were', () => {
  const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 + 1, 2 ** 52 + 1, MAX]
  const w = new Wire()
  for (const n of numbers) {
    w.number(n)
    for (const far of [n, -n]) w.near(5, far)
    w.text('é'.repeat(n % 200))
  }
  const r = new Wire(new Uint8Array(w.written))
  for (const n of numbers) {
    assert.equal(r.number(), n)
    for (const far of [n, -n]) assert.equal(r.near(5) - far, 0)
    assert.equal(r.text(), 'é'.repeat(n % 200))
  }
  assert.equal(r.at, w.written.length)
  assert.throws(() => r.byte())
})

test('a number and a replica share one number while there are few replicas', () => {
  for (const [count, bits] of [[1, 0], [2, 1], [3, 2], [1024, 10], [1025, -1]]) {
    const replicas = Array.from({ length: count }, (_, i) => (i + 1).toString(16).padStart(16, '0'))
    const w = new Wire()
    w.replicas = replicas
    w.table()
    const start = w.written.length
    for (const n of [0, 1, 2 ** 42 - 1, 2 ** 42, 2 ** 52, MAX]) {
      for (const flag of [false, true]) {
        for (const at of [0, count - 1]) {
          const before = w.written.length
          w.packed(n, replicas[at], 1, flag)
          const head = BigInt(n) * 2n + (flag ? 1n : 0n)
          const want = bits < 0 ? [...spelt(head), ...spelt(BigInt(at))] : spelt((head << BigInt(bits)) + BigInt(at))
          assert.deepEqual(w.written.slice(before), want)
        }
      }
      w.packed(n, replicas[0])
    }
    const r = new Wire(new Uint8Array(w.written))
    r.table()
    assert.deepEqual(r.replicas, replicas)
    assert.equal(r.at, start)
    for (const n of [0, 1, 2 ** 42 - 1, 2 ** 42, 2 ** 52, MAX]) {
      for (const flag of [false, true]) {
        for (const at of [0, count - 1]) assert.deepEqual([r.packed(0, '', 1), r.flag, r.replica], [n, flag, replicas[at]])
      }
      assert.deepEqual([r.packed(), r.flag, r.replica], [n, false, replicas[0]])
    }
  }
})
