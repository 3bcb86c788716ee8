// The adapters over plain HTTP with the packages they are for, on a real server: two people
// edit the same record apart, by the examples of the docs, and nobody's work is lost.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openOrders as openRxdb } from '../examples/rxdb.js'
import { openOrders as openSignaldb } from '../examples/signaldb-sync.js'
import { Server, orderSchema, skip } from './server.js'

/** @type {Server} */
let server
before(async () => {
  if (skip) return
  server = await Server.start()
  await server.publish(orderSchema, 'work-order')
})
after(() => server?.stop())

const real = globalThis.fetch
/** Who has no network: the tokens of people. */
const cut = new Set()
globalThis.fetch = (url, options) => {
  const token = /** @type {any} */ (options?.headers)?.authorization?.slice(7)
  return cut.has(token) ? Promise.reject(new TypeError('no network')) : real(url, options)
}
after(() => { globalThis.fetch = real })

/**
 * Waits until something holds, as it will when what is under way has come through.
 * @param {() => unknown} holds
 * @param {() => unknown} [seen] is told when it does not
 */
async function until (holds, seen = () => '') {
  const end = Date.now() + 20_000
  while (!await holds()) {
    if (Date.now() > end) assert.fail(`it did not come to hold: ${holds} ${JSON.stringify(await seen())}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const begun = { title: 'Pump 7', status: 'open', notes: 'It leaks.', hours: 2, tags: ['a'], parts: [{ part: 'Seal', quantity: 1 }] }
const merged = {
  title: 'Pump 7', status: 'in_progress', assignee: 'ben', notes: 'Still: It leaks. Badly.', hours: 3.5, tags: ['a', 'b', 'c'],
  parts: [{ part: 'Seal', quantity: 1 }, { part: 'Bolt', quantity: 2 }]
}

/** @param {any} item */
const plain = item => {
  const { id, ...value } = item
  return { ...value, tags: value.tags?.toSorted() }
}

test('SignalDB: the SyncManager merges field by field, texts and amounts too', { skip }, async () => {
  /** @type {string[]} */
  const told = []
  const anna = await openSignaldb(server.url, server.tokens.anna, sentence => told.push(sentence))
  const ben = await openSignaldb(server.url, server.tokens.ben, sentence => told.push(sentence))
  after(async () => { for (const { manager } of [anna, ben]) await manager.pauseAll().then(() => manager.dispose()) })
  const id = anna.orders.insert({ .../** @type {any} */ (begun) })
  await until(() => ben.orders.findOne({ id }))

  cut.add(server.tokens.ben)
  ben.orders.updateOne({ id }, { $set: { assignee: 'ben', notes: 'Still: It leaks.', tags: ['a', 'b'] }, $inc: { hours: 0.5 } })
  anna.orders.updateOne({ id }, { $set: { status: 'in_progress', notes: 'It leaks. Badly.', tags: ['a', 'c'] }, $inc: { hours: 1 }, $push: { parts: { part: 'Bolt', quantity: 2 } } })
  await until(async () => (await server.get('work-order', id)).value.hours === 3)
  cut.delete(server.tokens.ben)
  await ben.manager.sync('work-order')
  for (const { orders } of [anna, ben]) {
    await until(() => plain(orders.findOne({ id })).hours === 3.5, () => orders.findOne({ id }))
    assert.deepEqual(plain(orders.findOne({ id })), merged)
  }
  assert.deepEqual(told, [])

  // What the type refuses is told and taken back, and holds nothing else up.
  anna.orders.updateOne({ id }, { $set: { title: 'P' } })
  anna.orders.updateOne({ id }, { $inc: { hours: 1 } })
  await until(() => told.length && anna.orders.findOne({ id })?.title === 'Pump 7', () => anna.orders.findOne({ id }))
  assert.match(told[0], /Title/)
  ben.orders.removeOne({ id })
  await until(() => !anna.orders.findOne({ id }))
})

test('RxDB: a push that tells what it began with is merged', { skip }, async () => {
  /** @type {string[]} */
  const told = []
  const anna = await openRxdb(server.url, server.tokens.anna, sentence => told.push(sentence))
  const ben = await openRxdb(server.url, server.tokens.ben, sentence => told.push(sentence))
  after(() => Promise.all([anna.db.close(), ben.db.close()]))
  const { id } = await server.call('POST', '/api/work-order', { value: begun })
  /** @param {typeof anna} who */
  const look = async who => (await who.orders.findOne(id).exec())?.toMutableJSON()
  for (const who of [anna, ben]) await until(() => look(who))

  cut.add(server.tokens.ben)
  const his = await ben.orders.findOne(id).exec()
  await his.patch({ assignee: 'ben', notes: 'Still: It leaks.', tags: ['a', 'b'], hours: 2.5 })
  const hers = await anna.orders.findOne(id).exec()
  await hers.patch({ status: 'in_progress', notes: 'It leaks. Badly.', tags: ['a', 'c'], hours: 3, parts: [...begun.parts, { part: 'Bolt', quantity: 2 }] })
  await until(async () => (await server.get('work-order', id)).value.hours === 3)
  cut.delete(server.tokens.ben)
  ben.replication.reSync()
  for (const who of [anna, ben]) {
    await until(async () => (await look(who))?.hours === 3.5, () => look(who))
    assert.deepEqual(plain(await look(who)), merged)
  }
  assert.deepEqual(told, [])

  await (await anna.orders.findOne(id).exec()).patch({ title: 'P' })
  await until(async () => told.length && (await look(anna))?.title === 'Pump 7', () => look(anna))
  assert.match(told[0], /Title/)
  await (await ben.orders.findOne(id).exec()).remove()
  await until(async () => !await look(anna))
})
