// Transactions, the queues, errors, and what is told of a store that was lost or is full.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../src/store/error.js'
import { Store } from '../src/store/store.js'
import { Marks, newName, open, rec } from './store_world.js'

/** @param {number} n @param {string} [doc] @param {string} [type] */
const pending = (n, doc = 'a', type = 'order') => ({ n, type, doc, change: { replica: 'r', n, ops: [] }, since: 'c' })

test('a write that fails keeps nothing', async t => {
  const store = await open(t)
  await store.write(tx => tx.setState('cursor', 'one'))
  await assert.rejects(store.write(async tx => {
    await tx.setState('cursor', 'two')
    await tx.bulkPut('order', [rec('a', {})])
    await tx.addPending(pending(1))
    throw new Error('no')
  }), /no/)
  await store.read(async tx => {
    assert.equal(await tx.state('cursor'), 'one')
    assert.equal(await tx.document('order', 'a'), undefined)
    assert.deepEqual(await tx.pendingOf(), [])
  })
})

test('a write that awaits something else is told so, not that nothing was kept', async t => {
  const store = await open(t)
  await assert.rejects(store.write(async tx => {
    await tx.setState('a', 1)
    await new Promise(resolve => setTimeout(resolve, 5))
    await tx.setState('b', 2)
  }), e => !(e instanceof StoreError))
})

test('what is cleared while documents are still being put stays cleared', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', [rec('a', {}), rec('b', {})]))
  await store.write(async tx => {
    tx.bulkPut('order', [rec('a', { n: 1 })]) // not awaited
    await tx.clear()
    await tx.bulkPut('order', [rec('c', {})])
  })
  assert.deepEqual([...(await store.table('order')).rows()].map(row => row.id), ['c'])
})

test('a number is given once', async t => {
  const store = await open(t)
  await store.write(tx => tx.addPending(pending(1)))
  await assert.rejects(store.write(tx => tx.addPending(pending(1))), e => e instanceof StoreError && e.code === 'failed')
  const next = () => store.write(async tx => {
    const me = await tx.state('me') ?? { n: 1 }
    await tx.addPending(pending(me.n + 1))
    await tx.setState('me', { n: me.n + 1 })
    return me.n + 1
  }, { strict: true })
  const numbers = await Promise.all(Array.from({ length: 10 }, next))
  assert.deepEqual(numbers.sort((a, b) => a - b), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
})

test('pending changes come by number, of a document, of a type, of all', async t => {
  const store = await open(t)
  await store.write(async tx => {
    for (const p of [pending(3), pending(1), pending(2, 'b'), pending(10, 'a', 'site'), pending(-1)]) await tx.addPending(p)
    await tx.putPending({ ...pending(10, 'c', 'site'), since: 'd' })
    await tx.deletePending(1)
  })
  const numbers = (/** @type {any[]} */ list) => list.map(p => p.n)
  await store.read(async tx => {
    assert.deepEqual(numbers(await tx.pendingOf()), [-1, 2, 3, 10])
    assert.deepEqual(numbers(await tx.pendingOf('order')), [-1, 2, 3])
    assert.deepEqual(numbers(await tx.pendingOf('order', 'a')), [-1, 3])
    assert.deepEqual(await tx.pendingOf('site'), [{ ...pending(10, 'c', 'site'), since: 'd' }])
    assert.deepEqual(await tx.counts(), { pending: 4, refused: 0 })
  })
})

test('refused changes wait until they are dismissed; clear leaves the state', async t => {
  const store = await open(t)
  const ids = await store.write(async tx => [await tx.refuse({ code: 'invalid' }), await tx.refuse({ code: 'forbidden' })])
  assert.deepEqual(await store.read(tx => tx.refused()), [{ id: ids[0], code: 'invalid' }, { id: ids[1], code: 'forbidden' }])
  await store.write(async tx => {
    await tx.dismiss(ids[0])
    await tx.putType({ name: 'order', version: 1 })
    await tx.putType({ name: 'order', version: 2 })
    await tx.bulkPut('order', [rec('a', {})])
    await tx.setState('who', { name: 'anna' })
  })
  const table = await store.table('order')
  assert.equal(table.size, 1)
  assert.deepEqual(await store.read(tx => tx.types()), [{ name: 'order', version: 2 }])
  assert.deepEqual(await store.read(tx => tx.counts()), { pending: 0, refused: 1 })
  await store.write(tx => tx.clear())
  assert.equal(table.size, 0)
  assert.deepEqual(await store.read(tx => tx.types()), [])
  assert.deepEqual(await store.read(tx => tx.counts()), { pending: 0, refused: 0 })
  assert.deepEqual(await store.read(tx => tx.state('who')), { name: 'anna' })
})

test('a full device refuses the write and stays as it was', async t => {
  const store = await open(t)
  await store.write(tx => tx.bulkPut('order', [rec('a', { n: 1 })]))
  const table = await store.table('order')
  const put = IDBObjectStore.prototype.put
  t.after(() => { IDBObjectStore.prototype.put = put })
  IDBObjectStore.prototype.put = function () { throw new DOMException('no room', 'QuotaExceededError') }
  const write = () => store.write(tx => tx.bulkPut('order', [rec('a', { n: 2 })]))
  await assert.rejects(write(), e => e instanceof StoreError && e.code === 'full' && /Make room/.test(e.message))
  assert.equal(table.get('a')?.value.n, 1)
  IDBObjectStore.prototype.put = put
  await write()
  assert.equal(table.get('a')?.value.n, 2)
})

test('a closed store says so', async t => {
  const store = await open(t)
  store.close()
  await assert.rejects(store.write(() => {}), e => e instanceof StoreError && e.code === 'closed')
})

test('a browser that gives no storage is told of', async () => {
  const broken = /** @type {IDBFactory} */ (/** @type {unknown} */ ({ open () { throw new DOMException('no', 'InvalidStateError') } }))
  await assert.rejects(Store.open('x', { indexedDB: broken }), e => e instanceof StoreError && e.code === 'unavailable')
})

test('a store that the browser took away is missed', async t => {
  const ground = { localStorage: new Marks() }
  const name = newName()
  const first = await open(t, name, ground)
  assert.equal(first.lost, false)
  await first.write(tx => tx.setState('me', 1))
  first.close()
  const second = await open(t, name, ground)
  assert.equal(second.lost, false)
  second.close()
  await Store.remove(name, { localStorage: null })
  const third = await open(t, name, ground)
  assert.equal(third.lost, true)
  await third.write(tx => tx.setState('me', 2))
  third.close()
  assert.equal((await open(t, name, ground)).lost, false)
})

test('a store that is removed is not missed', async t => {
  const ground = { localStorage: new Marks() }
  const name = newName()
  const store = await open(t, name, ground)
  await store.write(tx => tx.setState('me', 1))
  store.close()
  await Store.remove(name, ground)
  assert.equal((await open(t, name, ground)).lost, false)
})

test('a store taken away while it is open is missed at the next write', async t => {
  let told = 0
  const ground = { localStorage: new Marks(), onLost: () => { told++ } }
  const name = newName()
  const store = await open(t, name, ground)
  await store.write(tx => tx.setState('me', 1))
  await Store.remove(name, { localStorage: null })
  for (let i = 0; i < 2; i++) {
    await assert.rejects(store.write(tx => tx.setState('me', 2)), e => e instanceof StoreError && e.code === 'lost')
  }
  assert.deepEqual([store.lost, told], [true, 1])
  assert.equal((await open(t, name, ground)).lost, true)
})
