// Live queries, and two tabs on one store.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tx } from '../src/store/tx.js'
import { Random, newName, open, rec } from './store_world.js'

/** @import { Row } from '../src/store/row.js' */
/** @import { Live } from '../src/store/live.js' */
/** @import { Store } from '../src/store/store.js' */

const random = new Random()

/**
 * Resolves when fn is true, asked after each commit that the store hears of.
 * @param {Store} store
 * @param {() => boolean} fn
 */
function until (store, fn) {
  return /** @type {Promise<void>} */ (new Promise(resolve => {
    const off = store.onChange(look)
    look()
    function look () {
      if (!fn()) return
      off()
      resolve()
    }
  }))
}

/** The first value of a live query. @param {Live} live @returns {Promise<Row[]>} */
function first (live) {
  return new Promise((resolve, reject) => {
    const off = live.subscribe(rows => {
      off()
      if (rows) resolve(rows)
      else reject(live.error)
    })
    live.subscribe(() => {}) // keeps it going
  })
}

test('what a tab adds to what is pending is not read again, however much that is', async t => {
  const store = await open(t)
  store.viewer = (_, changes) => ({ value: { n: changes.length }, deleted: false, exists: true })
  const add = (/** @type {number} */ n) => store.write(tx => tx.addPending({ n, type: 'order', doc: 'a', change: { n } }))
  await add(1)
  const live = store.live('order')
  await first(live)
  const read = t.mock.method(Tx.prototype, 'pendingOf')
  for (let n = 2; n <= 50; n++) await add(n)
  assert.deepEqual(live.value?.[0].value, { n: 50 })
  assert.equal(read.mock.callCount(), 0)
  await store.write(async tx => {
    await tx.deletePending(7)
    await tx.addPending({ n: 51, type: 'order', doc: 'a', change: { n: 51 } })
  })
  assert.deepEqual(live.value?.[0].changes.map(({ n }) => n), Array.from({ length: 51 }, (_, i) => i + 1).filter(n => n !== 7))
})

test('a live query moves only when something in it does, and what stayed stays itself', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', [rec('a', { s: 1 }), rec('b', { s: 1 }), rec('c', { s: 2 })]))
  const live = store.live('order', { field: 's', is: 1 })
  assert.equal('value' in live && live.value, undefined)
  const before = await first(live)
  let told = 0
  live.subscribe(() => { told++ })
  assert.equal(live.value, before)

  await store.write(tx => tx.bulkPut('order', [rec('c', { s: 3 })]))
  await store.write(tx => tx.bulkPut('site', [rec('x', { s: 1 })]))
  await store.write(tx => tx.bulkPut('order', [rec('a', { s: 1 })])) // says what it said
  assert.equal(live.value, before)
  assert.equal(told, 0)

  await store.write(tx => tx.bulkPut('order', [rec('a', { s: 1, t: 1 })]))
  assert.equal(told, 1)
  assert.notEqual(live.value, before)
  assert.equal(live.value?.[1], before[1])
  assert.deepEqual(live.value?.[0].value, { s: 1, t: 1 })
  assert.deepEqual(before[0].value, { s: 1 })

  await store.write(tx => tx.deleteDocuments('order', ['b']))
  assert.deepEqual(live.value?.map(r => r.id), ['a'])
  const { rec: last } = /** @type {Row} */ (live.value?.[0])
  await store.write(tx => tx.bulkPut('order', [rec('a', { s: 1, t: 1 }, { deleted: true })]))
  assert.deepEqual(live.value, [])
  assert.equal(last?.deleted, false)
  assert.equal(told, 3)
  live.close()
  await store.write(tx => tx.deleteDocuments('order', ['a']))
  assert.equal(told, 3)
})

test('a live query sleeps while nobody looks', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', [rec('a', {})]))
  const live = store.live('order')
  const rows = await /** @type {Promise<Row[]|undefined>} */ (new Promise(resolve => { const off = live.subscribe(rows => { off(); resolve(rows) }) }))
  await store.write(tx => tx.bulkPut('order', [rec('b', {})]))
  assert.equal(live.value, rows)
  const again = await first(live)
  assert.deepEqual(again.map(r => r.id), ['a', 'b'])
  live.close()
  live.subscribe(() => assert.fail('closed'))()
})

test('a listener that throws keeps nobody else from hearing', async t => {
  const store = await open(t)
  /** @type {unknown[]} */
  const thrown = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', error => thrown.push(error.message))
  t.after(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
  /** @type {unknown[]} */
  const heard = []
  store.onChange(() => { throw new Error('oops') })
  store.onChange(keys => heard.push(keys))
  await store.write(tx => tx.setState('a', 1))
  await store.write(tx => tx.bulkPut('order', [rec('a', {})]))
  assert.deepEqual(heard, [[], [['order', 'a']]])
  assert.deepEqual(thrown, ['oops', 'oops'])
})

test('live queries under random edits are what a query gives', async t => {
  const store = await open(t)
  const questions = [
    store.live('order', { field: 'a', is: 1 }, { sort: '-b', limit: 5 }),
    store.live('order', { field: 'b', above: 4 }, { sort: ['a', 'b'] }),
    store.live('order', undefined, { limit: 3 }),
    store.live('order', undefined, { deleted: true }),
    store.live('order', undefined, { search: 'x1', sort: 'b' })
  ]
  const asked = [
    [{ field: 'a', is: 1 }, { sort: '-b', limit: 5 }], [{ field: 'b', above: 4 }, { sort: ['a', 'b'] }],
    [undefined, { limit: 3 }], [undefined, { deleted: true }], [undefined, { search: 'x1', sort: 'b' }]
  ]
  await Promise.all(questions.map(first))
  const table = await store.table('order')
  for (let i = 0; i < 100; i++) {
    await store.write(async tx => {
      for (let k = random.below(4); k >= 0; k--) {
        const id = 'd' + random.below(40)
        if (random.below(4) === 0) await tx.deleteDocuments('order', [id])
        else await tx.bulkPut('order', [rec(id, { a: random.below(3), b: random.below(8), t: 'x' + random.below(4) }, { deleted: random.below(4) === 0 })])
      }
    })
    questions.forEach((live, q) => assert.deepEqual(live.value, table.find(...asked[q])))
  }
  for (const live of questions) live.close()
})

test('an edit in one tab shows in the other', async t => {
  const name = newName()
  const [one, two] = [await open(t, name), await open(t, name)]
  const live = two.live('order', { field: 's', is: 1 })
  assert.deepEqual(await first(live), [])
  await one.write(tx => tx.bulkPut('order', [rec('a', { s: 1 })]))
  await until(two, () => live.value?.length === 1)
  await two.write(tx => tx.bulkPut('order', [rec('a', { s: 2 })]))
  assert.deepEqual(live.value, [])
  live.close()
})

test('tabs that write at once end level, and no number is given twice', async t => {
  const name = newName()
  const tabs = await Promise.all([1, 2, 3].map(() => open(t, name)))
  const tables = await Promise.all(tabs.map(tab => tab.table('order')))
  const counts = await Promise.all(tabs.map(async (tab, i) => {
    let wrote = 0
    for (let k = 0; k < 30; k++) {
      await tab.write(async tx => {
        const n = (await tx.state('n') ?? 0) + 1
        await tx.setState('n', n)
        await tx.addPending({ n, type: 'none', doc: 'x', change: {} })
        const id = 'd' + random.below(50)
        const had = await tx.document('order', id)
        await tx.bulkPut('order', [rec(id, { n, by: i, times: (had ? JSON.parse(String(had.value)).times : 0) + 1 })])
      })
      wrote++
    }
    return wrote
  }))
  const want = await tabs[0].read(async tx => {
    /** @type {Record<string, unknown>} */
    const all = {}
    await tx.eachDocument('order', r => { all[r.id] = JSON.parse(String(r.value)) })
    return all
  })
  assert.equal(Object.values(want).reduce((/** @type {number} */ sum, /** @type {any} */ v) => sum + v.times, 0), counts.reduce((a, b) => a + b))
  for (const [i, tab] of tabs.entries()) {
    const shown = () => Object.fromEntries([...tables[i].rows()].map(r => [r.id, r.value]))
    await until(tab, () => JSON.stringify(Object.entries(shown()).sort()) === JSON.stringify(Object.entries(want).sort()))
  }
})

test('a tab that heard nothing for long reads all again, and what stayed stays itself', async t => {
  const name = newName()
  const deaf = await open(t, name, { BroadcastChannel: null })
  const other = await open(t, name, { BroadcastChannel: null })
  await other.write(tx => tx.bulkPut('order', [rec('a', {}), rec('b', {}), rec('c', {})]))
  const table = await deaf.table('order')
  const a = table.get('a')
  for (let i = 0; i < 400; i++) await other.write(tx => tx.bulkPut('order', [rec('b', { i })]))
  await other.write(tx => tx.deleteDocuments('order', ['c']))
  /** @type {unknown[]} */
  const heard = []
  deaf.onChange((_, all) => heard.push(all))
  await deaf.level()
  assert.deepEqual(heard, [true])
  assert.equal(table.get('a'), a)
  assert.equal(table.get('b')?.value.i, 399)
  assert.equal(table.get('c'), undefined)
  await other.write(tx => tx.bulkPut('order', [rec('d', {})]))
  await deaf.write(tx => tx.setState('x', 1))
  assert.equal(table.size, 3)
  assert.deepEqual(heard, [true, false])
})

test('tabs tell each other things', async t => {
  const name = newName()
  const [one, two] = [await open(t, name), await open(t, name)]
  const heard = new Promise(resolve => two.onTell(resolve))
  one.onTell(() => assert.fail('it told itself'))
  one.tell({ please: 'sync' })
  assert.deepEqual(await heard, { please: 'sync' })
})

test('one tab leads, until it is closed', async t => {
  const name = newName()
  const locks = new Locks()
  const tabs = await Promise.all([1, 2, 3].map(() => open(t, name, { locks })))
  /** @type {number[]} */
  const led = []
  await Promise.all(tabs.map((tab, i) => tab.lead(() => led.push(i))))
  await locks.settled()
  assert.deepEqual(led, [0])
  tabs[1].close()
  await locks.settled()
  assert.deepEqual(led, [0])
  tabs[0].close()
  await locks.settled()
  assert.deepEqual(led, [0, 2])
})

test('where there are no locks, the only tab leads', async t => {
  const store = await open(t, newName(), { locks: null })
  let led = 0
  store.lead(() => { led++ })
  assert.equal(led, 1)
})

/** Locks as a browser has them, for one name. */
class Locks {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve()

  /** @param {string} _ @param {any} options @param {any} [fn] */
  request (_, options, fn) {
    const { signal } = options
    const aborted = new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)) })
    let held = false
    const done = this.#last.then(() => {
      if (signal.aborted) return
      held = true
      return fn()
    })
    this.#last = done.catch(() => {})
    return Promise.race([done, aborted.catch(error => { if (!held) throw error; return done })])
  }

  async settled () { for (let i = 0; i < 20; i++) await null }
}
