// The vectors in crdt/testdata/vectors are what the merge promises in any language; the README
// there says what they mean. Here they are held against this one.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { canonical } from '../src/crdt/canonical.js'
import { changeFromValue } from '../src/crdt/change.js'
import { OpError } from '../src/crdt/check.js'
import { Document } from '../src/crdt/document.js'
import { merge } from '../src/crdt/merge.js'

/** @import { Change } from '../src/crdt/change.js' */
/** @import { Value } from '../src/crdt/value.js' */

/**
 * @typedef {object} Step
 * @property {number} apply
 * @property {string} effect
 * @property {{ element: string } | { prev: number }} [missing]
 * @property {number} [op]
 * @property {string[]} [path]
 * @property {Value} [value]
 * @property {boolean} [deleted]
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {Change[]} changes
 * @property {number[][] | 'all'} [orders]
 * @property {[number[], number[]][] | 'all'} [merges]
 * @property {Step[]} [steps]
 * @property {Value} value
 * @property {boolean} [exists]
 * @property {boolean} [deleted]
 * @property {{ [replica: string]: number }} seen
 * @property {number[]} [held]
 * @property {number[]} [dropped]
 * @property {string} meta
 */

const folder = new URL('../../../crdt/testdata/vectors/', import.meta.url)
const others = ['canonical-json.json', 'change-texts.json', 'clock.json']
const hex = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex')

/** Everything there is to see of a document. */
const look = (/** @type {Document} */ d) => {
  const { value, meta } = d.encode()
  return { value, exists: d.exists(), deleted: d.deleted(), seen: d.seen(), meta: hex(meta) }
}

/** @param {Document} d */
const reread = d => {
  const { value, meta } = d.encode()
  return Document.decode(value, meta)
}

/**
 * A document that was given the changes in this order, written down and read again after each
 * if reading.
 * @param {Case} k
 * @param {number[]} order
 * @param {boolean} reading
 */
function apply (k, order, reading) {
  let d = new Document()
  for (const i of order) {
    d.apply(k.changes[i])
    if (reading) d = reread(d)
  }
  return d
}

/**
 * Holds a document that was given all changes against the case.
 * @param {Case} k
 * @param {Document} d
 */
function check (k, d) {
  const { name, exists = true, deleted = false, seen, meta } = k
  assert.deepEqual(look(d), { value: canonical(k.value), exists, deleted, seen, meta }, name)
  assert.equal(canonical(d.value()), canonical(k.value))
  for (const i of k.held ?? []) assert.equal(d.clone().apply(k.changes[i]), 'held')
  for (const i of k.dropped ?? []) assert.throws(() => d.clone().apply(k.changes[i]), OpError)
}

/**
 * Gives one change to d, and looks at what becomes of it.
 * @param {Case} k
 * @param {Document} d
 * @param {Step} s
 */
function step (k, d, s) {
  const c = k.changes[s.apply]
  const ref = d.missing(c)
  if (s.effect !== 'refused') assert.equal(ref !== null, s.effect === 'held', `missing ${JSON.stringify(ref)}`)
  if (s.missing) assert.deepEqual(ref, s.missing)
  const before = look(d)
  if (s.effect === 'refused') {
    assert.throws(() => d.apply(c), e => e instanceof OpError && e.op === (s.op ?? 0) && canonical(e.path) === canonical(s.path ?? []) && /\.$/.test(e.message))
  } else assert.equal(d.apply(c), s.effect)
  if (s.effect === 'refused' || s.effect === 'duplicate') assert.deepEqual(look(d), before)
  if (s.value !== undefined) assert.equal(canonical(d.value()), canonical(s.value))
  if (s.deleted !== undefined) assert.equal(d.deleted(), s.deleted)
}

/**
 * All orders of n things.
 * @param {number} n
 * @returns {number[][]}
 */
const permutations = n => n ? permutations(n - 1).flatMap(p => Array.from({ length: n }, (_, at) => p.toSpliced(at, 0, n - 1))) : [[]]

/**
 * Every way of giving n things to the one, to the other, or to both.
 * @param {number} n
 * @returns {[number[], number[]][]}
 */
const splits = n => n ? splits(n - 1).flatMap(([a, b]) => /** @type {[number[], number[]][]} */ ([[[...a, n - 1], b], [a, [...b, n - 1]], [[...a, n - 1], [...b, n - 1]]])) : [[[], []]]

for (const file of readdirSync(folder).filter(name => name.endsWith('.json') && !others.includes(name))) {
  /** @type {{ cases: Case[] }} */
  const { cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  test(file, async t => {
    for (const k of cases) {
      k.changes = k.changes.map(c => changeFromValue(c))
      await t.test(k.name, () => {
        const orders = k.orders === 'all' ? permutations(k.changes.length) : k.orders ?? []
        for (const order of orders) for (const reading of [false, true]) check(k, apply(k, order, reading))
        const merges = k.merges === 'all' ? splits(k.changes.length) : k.merges ?? []
        for (const [ours, theirs] of merges) {
          const a = apply(k, ours, false)
          const b = apply(k, theirs, false)
          const before = [look(a), look(b)]
          check(k, merge(a, b))
          check(k, merge(b, a))
          check(k, merge(reread(a), reread(b)))
          assert.deepEqual([look(a), look(b)], before, 'a merge changes neither side')
        }
        let d = new Document()
        for (const s of k.steps ?? []) {
          step(k, d, s)
          d = reread(d)
        }
        if (k.steps) check(k, d)
        assert.ok(orders.length || k.steps, 'a case has neither orders nor steps')
      })
    }
  })
}
