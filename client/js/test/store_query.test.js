// Tables and queries, against filtering and sorting all that there is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, parseCondition } from '../src/schema/condition.js'
import { compareTexts } from '../src/schema/texts.js'
import { findsAll, recordWords, words } from '../src/schema/words.js'
import { Random, open, rec } from './store_world.js'

/** @import { Rec } from '../src/store/page.js' */
/** @import { Options } from '../src/store/query.js' */
/** @typedef {{id: string, value: any, deleted: boolean, created: number|null, updated: number|null}} Dumb */

const random = new Random()
const texts = ['', 'a', 'A', 'b', 'open', 'Öl', 'o\u0308l', '\ue000', '😀', 'pump 12', 'crème brûlée', 'zz']
const numbers = [-3, -0, 0, 0.5, 1, 2, 12, 1e300]
const scalars = [null, true, false, ...numbers, ...texts]
const fields = ['status', 'hours', 'mixed', 'address.city', 'odd\\.key', 'missing']

/** @returns {Record<string, unknown>} */
function randomValue () {
  /** @type {Record<string, unknown>} */
  const value = {}
  if (random.below(4)) value.status = random.pick(texts)
  if (random.below(4)) value.hours = random.pick(numbers)
  if (random.below(4)) value.mixed = random.pick([...scalars, ['a', 1], [], {}, { a: 1 }])
  if (random.below(3)) value.address = random.pick([{ city: random.pick(texts) }, {}, null, 'nowhere', [{ city: 'x' }]])
  if (random.below(3)) value['odd.key'] = random.pick(scalars)
  return value
}

/** @param {number} [depth] @returns {unknown} */
function randomCondition (depth = 0) {
  const kind = random.below(depth > 2 ? 7 : 10)
  const field = random.pick(fields)
  switch (kind) {
    case 0: return { field, [random.pick(['is', 'not'])]: random.pick(scalars) }
    case 1: return { field, in: Array.from({ length: random.below(4) }, () => random.pick(scalars)) }
    case 2: case 3: return { field, [random.pick(['above', 'below', 'from', 'to'])]: random.pick([...numbers, ...texts]) }
    case 4: return { field, has: random.pick(['a', 1, 'x']) }
    case 5: return { field, [random.pick(['contains', 'starts'])]: random.pick(texts) }
    case 6: return { field, empty: random.below(2) === 0 }
    case 7: return random.below(4) > 0
    case 8: return { [random.pick(['any', 'none'])]: Array.from({ length: random.below(3) }, () => randomCondition(depth + 1)) }
  }
  return { all: Array.from({ length: random.below(4) }, () => randomCondition(depth + 1)) }
}

/** What the server's order is, said once more. @param {any} v */
function rank (v) {
  if (v === null || v === undefined) return 0
  if (v === false) return 1
  if (v === true) return 2
  return typeof v === 'number' ? 3 : typeof v === 'string' ? 4 : 5
}

/** @param {any} a @param {any} b */
function order (a, b) {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  return rank(a) === 3 ? a - b : rank(a) === 4 ? compareTexts(a, b) : 0
}

/** @param {Dumb} doc @param {string} name */
function at (doc, name) {
  if (name === '_updated') return doc.updated
  if (name === '_created') return doc.created
  if (name === 'odd\\.key') return doc.value['odd.key']
  if (name !== 'address.city') return doc.value[name]
  const { address } = doc.value
  return address && typeof address === 'object' && !Array.isArray(address) ? address.city : undefined
}

/** @param {Dumb[]} all @param {unknown} condition @param {Options & {sort: string[]}} options @returns {Dumb[]} */
function dumbFind (all, condition, { sort, limit = Infinity, after, search = '', deleted = false }) {
  const where = parseCondition(condition)
  const wanted = words(search)
  /** @param {any} a @param {any} b */
  const compare = (a, b) => {
    for (const name of sort) {
      const found = order(at(a, name.replace('-', '')), at(b, name.replace('-', '')))
      if (found) return name.startsWith('-') ? -found : found
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
  }
  return all
    .filter(d => d.deleted === deleted && matches(where, d.value) && findsAll(recordWords(d.value), wanted))
    .sort(compare).filter(d => !after || compare(d, after) > 0).slice(0, limit)
}

/** @returns {Options & {sort: string[]}} */
function randomOptions () {
  return {
    sort: Array.from({ length: random.below(4) }, () => random.pick(['', '-']) + random.pick([...fields, '_updated', '_created'])),
    limit: random.pick([undefined, 1, 5, 50]),
    deleted: random.below(5) === 0,
    search: random.pick([undefined, undefined, undefined, 'pu', 'Ol', '1', 'creme br', '😀', 'zz a'])
  }
}

test('a query gives what filtering and sorting all gives', async t => {
  const store = await open(t)
  await store.write(tx => tx.putType({ name: 'order', fields: [{ path: ['status'], index: true }, { path: ['address', 'city'], index: true }, { path: ['mixed'], index: true }, { path: ['list', '*'], index: true }, { path: ['hours'] }] }))
  store.viewer = (rec, changes) => {
    const last = changes[changes.length - 1]
    return { value: last.value, deleted: last.deleted, exists: !last.none, updated: last.updated, created: rec?.created ?? null }
  }
  const table = await store.table('order')
  /** @type {Map<string, Rec>} */
  const recs = new Map()
  /** @type {Map<string, any>} */
  const changes = new Map()
  let n = 0
  const id = () => 'd' + random.below(700)

  for (let round = 0; round < 25; round++) {
    await store.write(async tx => {
      const put = Array.from({ length: random.pick([1, 3, 100]) }, () => rec(id(), randomValue(), { deleted: random.below(8) === 0, updated: random.pick([null, 1, 2, 3, 4]), created: random.below(5) }))
      for (const r of put) recs.set(r.id, r)
      await tx.bulkPut('order', put)
      const gone = Array.from({ length: random.below(4) }, id)
      for (const g of gone) recs.delete(g)
      await tx.deleteDocuments('order', gone)
      for (let i = random.below(8); i > 0; i--) {
        const doc = id()
        const change = { value: randomValue(), deleted: random.below(8) === 0, none: random.below(8) === 0, updated: random.below(9), n: ++n }
        if (changes.has(doc)) await tx.deletePending(changes.get(doc).n)
        changes.set(doc, change)
        await tx.addPending({ n, type: 'order', doc, change })
      }
      for (const [doc, change] of changes) {
        if (random.below(3)) continue
        changes.delete(doc)
        await tx.deletePending(change.n)
      }
    })
    /** @type {Map<string, Dumb>} */
    const dumb = new Map()
    for (const r of recs.values()) dumb.set(r.id, { id: r.id, value: JSON.parse(String(r.value)), deleted: r.deleted, created: r.created ?? null, updated: r.updated ?? null })
    for (const [doc, { value, deleted, none, updated }] of changes) {
      dumb.delete(doc)
      if (!none) dumb.set(doc, { id: doc, value, deleted, created: recs.get(doc)?.created ?? null, updated })
    }
    const all = [...dumb.values()]
    assert.deepEqual([...table.rows()].map(r => r.id).sort(), all.map(d => d.id).sort())

    for (let i = 0; i < 60; i++) {
      const condition = randomCondition()
      const options = randomOptions()
      const message = JSON.stringify({ condition, options })
      const want = dumbFind(all, condition, options)
      const rows = table.find(condition, options)
      assert.deepEqual(rows.map(r => r.id), want.map(d => d.id), message)
      rows.forEach((row, i) => assert.deepEqual(row.value, want[i].value))
      const page = { ...options, after: rows.at(-1) }
      if (page.after) assert.deepEqual(table.find(condition, page).map(r => r.id), dumbFind(all, condition, page).map(d => d.id), message + ' after')
      assert.equal(table.count(condition, options), dumbFind(all, condition, { ...options, limit: undefined }).length, message)
    }
  }
})

test('what a query asks with $me and $now is known when it is asked', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', [rec('a', { who: 'anna', due: '2026-01-01' }), rec('b', { who: 'ben', due: '2026-01-03' })]))
  const table = await store.table('order')
  let vars = { me: 'ben', now: Date.UTC(2026, 0, 2) }
  const options = { vars: () => vars }
  assert.deepEqual(table.find({ field: 'who', is: '$me' }, options).map(r => r.id), ['b'])
  assert.deepEqual(table.find({ field: 'due', below: '$today' }, options).map(r => r.id), ['a'])
  vars = { me: '', now: Date.UTC(2026, 0, 9) }
  assert.deepEqual(table.find({ field: 'who', is: '$me' }, options), [])
  assert.equal(table.count({ field: 'due', below: '$today' }, options), 2)
})

test('a condition or a sort that is none is told of', async t => {
  const table = await (await open(t)).table('order')
  assert.throws(() => table.find({ field: 'a', likes: 1 }), /no part of a condition/)
  assert.throws(() => table.find(true, { sort: 'a..b' }))
})

test('more orders than are kept still give their results', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', Array.from({ length: 30 }, (_, i) => rec('d' + i, Object.fromEntries(Array.from({ length: 30 }, (_, f) => ['f' + f, (i * (f + 7)) % 31]))))))
  const table = await store.table('order')
  for (let round = 0; round < 2; round++) {
    for (let f = 0; f < 30; f++) {
      const got = table.find(true, { sort: 'f' + f }).map(r => r.value['f' + f])
      assert.deepEqual(got, [...got].sort((a, b) => a - b))
    }
  }
})

test('an order that is asked for now and then is that of all', async t => {
  const store = await open(t)
  const table = await store.table('order')
  const shown = (/** @type {import('../src/store/row.js').Row[]} */ rows) => rows.map(row => [row.id, row.value.n])
  for (let i = 0; i < 150; i++) {
    await store.write(async tx => {
      const id = 'd' + random.below(30)
      if (random.below(4) === 0) await tx.deleteDocuments('order', [id])
      else await tx.bulkPut('order', Array.from({ length: random.pick([1, 1, 1, 200]) }, (_, k) => rec(k ? 'e' + random.below(300) : id, { n: random.below(20) })))
    })
    if (random.below(5)) continue
    const all = [...table.rows()].map(row => ({ id: row.id, n: row.value.n })).sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1))
    assert.deepEqual(shown(table.find(true, { sort: 'n' })), all.map(d => [d.id, d.n]))
  }
})
