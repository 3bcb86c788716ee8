// SignalDB over a device, by the example of the docs, with the real package on a real server.

import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { openOrders } from '../examples/signaldb.js'
import { closeAll, device } from './device_world.js'
import { Server, orderSchema, skip } from './server.js'

/** @import { Collection } from '@signaldb/core' */

/** @type {Server} */
let server
before(async () => {
  if (skip) return
  server = await Server.start()
  await server.publish(orderSchema, 'work-order')
})
after(() => server?.stop())

/** @type {Collection<any>[]} */
const opened = []
afterEach(async () => {
  for (const orders of opened.splice(0)) await orders.dispose()
  await closeAll()
})

/** @param {string} name */
async function person (name) {
  const db = await device(server, name)
  await db.sync()
  /** @type {string[]} */
  const told = []
  const orders = await openOrders(db, error => told.push(error.message))
  opened.push(orders)
  return { db, orders, told }
}

/**
 * Waits until it holds, as SignalDB saves and is told.
 * @param {Collection<any>} orders
 * @param {() => unknown} holds
 */
const until = (orders, holds) => new Promise((resolve, reject) => {
  const look = () => { if (holds()) end(resolve) }
  const timer = setTimeout(() => end(() => reject(new Error(`it did not come to hold: ${holds}; ${JSON.stringify(orders.find().fetch())}`))), 20_000)
  /** @param {(v?: any) => void} say */
  const end = say => {
    clearTimeout(timer)
    orders.off('persistence.received', look)
    orders.off('persistence.transmitted', look)
    say()
  }
  orders.on('persistence.received', look)
  orders.on('persistence.transmitted', look)
  look()
})

const begun = { title: 'Pump 7', status: 'open', notes: 'It leaks.', hours: 2, tags: ['a'], parts: [{ part: 'Seal', quantity: 1 }] }

test('two people edit one item apart, and both keep their work', { skip }, async () => {
  const anna = await person('anna')
  const id = anna.orders.insert(structuredClone(begun))
  await until(anna.orders, () => anna.db.status.pending)
  await anna.db.sync()
  const ben = await person('ben')
  assert.equal(ben.orders.findOne({ id }).title, 'Pump 7')

  ben.orders.updateOne({ id }, { $set: { assignee: 'ben', notes: 'Still: It leaks.' }, $push: { tags: 'b' }, $inc: { hours: 0.5 } })
  ben.orders.updateOne({ id }, { $inc: { hours: 0.5 } })
  anna.orders.updateOne({ id }, { $set: { status: 'in_progress', notes: 'It leaks. Badly.' }, $push: { tags: 'c', parts: { part: 'Bolt', quantity: 2 } }, $inc: { hours: 1 } })
  await until(ben.orders, () => ben.db.status.pending === 2)
  await until(anna.orders, () => anna.db.status.pending)
  await anna.db.sync()
  await ben.db.sync()
  await anna.db.sync()
  for (const { orders, told } of [anna, ben]) {
    await until(orders, () => orders.findOne({ id }).hours === 4 && orders.findOne({ id }).assignee)
    const { tags, ...rest } = orders.findOne({ id })
    assert.deepEqual({ ...rest, tags: tags.toSorted() }, {
      id, title: 'Pump 7', status: 'in_progress', assignee: 'ben', notes: 'Still: It leaks. Badly.', hours: 4, tags: ['a', 'b', 'c'],
      parts: [{ part: 'Seal', quantity: 1 }, { part: 'Bolt', quantity: 2 }]
    })
    assert.deepEqual(told, [])
  }

  ben.orders.removeOne({ id })
  await until(ben.orders, () => ben.db.status.pending)
  await ben.db.sync()
  await anna.db.sync()
  await until(anna.orders, () => !anna.orders.findOne({ id }))
})

test('what the type refuses is told and taken back', { skip }, async () => {
  const { orders, told, db } = await person('anna')
  const id = orders.insert(structuredClone(begun))
  const bad = orders.insert({ title: 'P' })
  await until(orders, () => told.length === 1 && !orders.findOne({ id: bad }))
  assert.match(told[0], /Title/)
  orders.updateOne({ id }, { $set: { title: 'Q' } })
  await until(orders, () => told.length === 2 && orders.findOne({ id }).title === 'Pump 7')
  orders.updateOne({ id }, { $set: { title: 'Pump 8' } })
  await until(orders, () => db.status.pending === 2)
  assert.equal((await db.collection('work-order').get(id))?.value.title, 'Pump 8')
})

test('many quick edits, while the device is edited too, add up', { skip }, async () => {
  const { orders, db } = await person('anna')
  const device = db.collection('work-order')
  const id = orders.insert({ title: 'Pump 9', hours: 0 })
  await until(orders, () => db.status.pending)
  for (let i = 1; i <= 200; i++) {
    orders.updateOne({ id }, { $inc: { hours: 1 }, $set: { title: `Pump ${i}` } })
    if (i % 10 === 0) await device.update(id, edit => edit.add(['hours'], 1))
  }
  await until(orders, () => orders.findOne({ id }).hours === 220 && orders.findOne({ id }).title === 'Pump 200')
  const { value } = /** @type {any} */ (await device.get(id))
  assert.deepEqual(value, { title: 'Pump 200', hours: 220 })
})
