// Documents that a server has compacted: a device reads, edits and writes them as they are.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { changeFromValue } from '../src/crdt/change.js'
import { OpError } from '../src/crdt/check.js'
import { Document } from '../src/crdt/document.js'
import { merge } from '../src/crdt/merge.js'

/** @import { Change } from '../src/crdt/change.js' */

/** @type {{ cases: { value: string, meta: string, changes: Change[], then: string, last: string }[] }} */
const { cases } = JSON.parse(readFileSync(new URL('../../../crdt/testdata/compacted.json', import.meta.url), 'utf8'))

/**
 * @param {string} value
 * @param {string} meta
 */
const decode = (value, meta) => Document.decode(value, Buffer.from(meta, 'hex'))

/** @param {Document} d */
const encoded = d => {
  const { value, meta } = d.encode()
  return [value, Buffer.from(meta).toString('hex')]
}

test('compacted documents are read, edited and written as in Go', () => {
  assert.ok(cases.length > 5)
  for (const { value, meta, changes, then, last } of cases) {
    const d = decode(value, meta)
    assert.ok(d.floor)
    assert.deepEqual(encoded(d), [value, meta])
    let reread = d.clone()
    for (const c of changes) {
      assert.equal(d.apply(changeFromValue(c)), 'applied')
      const { value, meta } = reread.encode()
      reread = Document.decode(value, meta)
      assert.equal(reread.apply(c), 'applied')
    }
    assert.deepEqual(encoded(d), [then, last])
    assert.deepEqual(encoded(reread), [then, last])
  }
})

test('copies that were compacted alike are merged, others are not', () => {
  for (const { value, meta, then, last } of cases) {
    const before = decode(value, meta)
    const after = decode(then, last)
    assert.deepEqual(encoded(merge(before, after)), [then, last])
    assert.deepEqual(encoded(merge(after, before)), [then, last])
    const never = decode(value, meta)
    never.floor = undefined
    assert.throws(() => merge(after, never), /compacted/)
  }
})

test('a change that names what was cleared away is refused and says so', () => {
  const found = cases.some(({ value, meta }) => {
    const d = decode(value, meta)
    const [replica, { n, seq }] = [...d.marks][0]
    for (let i = 1; i <= seq; i++) {
      try {
        d.check({ replica: 'ffffffffffffffff', n: 1, stamp: '000000000000-0000', type: 't', version: 1, doc: 'd', ops: [{ kind: 'cut', path: ['notes'], spans: [`${replica}.${i}+1`] }] })
      } catch (e) {
        assert.ok(e instanceof OpError && e.op === 0 && n > 0)
        assert.equal(e.gone, true)
        return true
      }
    }
    return false
  })
  assert.ok(found)
})
