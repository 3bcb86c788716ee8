// Typing in a text while others do.

import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { IDBFactory } from 'fake-indexeddb'
import { closeAll, device } from './device_world.js'
import { Server, skip } from './server.js'

/** @import { Text } from '../src/index.js' */

/** @type {Server} */
let server
let type = ''

before(async () => {
  if (skip) return
  server = await Server.start()
  type = await server.publish()
})
after(() => server?.stop())
afterEach(closeAll)

/**
 * Waits until a text shows that.
 * @param {Text} text
 * @param {string} want
 */
const shows = (text, want) => new Promise(resolve => {
  const look = () => { if (text.value === want) resolve(undefined) }
  text.subscribe(look)
  look()
})

/** A device of Anna's that has one record, whose typing is written only when a test says so. @param {string} notes @param {object} [options] */
async function annas (notes, options) {
  const id = await server.add(type, { title: 'Pump', ...(notes && { notes }), parts: [{ part: 'seal' }] })
  const db = await device(server, 'anna', { subscribe: [{ type, where: { field: 'title', is: 'Pump' } }], timers: { setTimeout: () => 0, clearTimeout () {} }, ...options })
  await db.sync()
  return { id, db, orders: db.collection(type) }
}

test('what is typed shows at once, and becomes one change', { skip }, async () => {
  const { id, db, orders } = await annas('seen')
  const text = await orders.text(id, 'notes')
  for (const [i, c] of [...' twice'].entries()) text.splice(4 + i, 0, c)
  assert.equal(text.value, 'seen twice')
  assert.equal((await orders.get(id))?.value.notes, 'seen', 'it is not written yet')
  await text.flush()
  assert.equal((await orders.get(id))?.value.notes, 'seen twice')
  const [change, ...more] = await db.pending()
  assert.equal(more.length, 0)
  assert.deepEqual(change.ops.map(op => op.kind === 'insert' && op.text), [' twice'])
  text.splice(0, 4, 'heard')
  await text.close()
  await db.sync()
  assert.equal((await server.get(type, id)).value.notes, 'heard twice')
})

test('what others type comes in between, and places move along', { skip }, async () => {
  const { id, db, orders } = await annas('at the gearbox')
  const text = await orders.text(id, 'notes')
  const caret = text.anchor(6)
  await server.patch(type, id, { notes: 'oil 👩‍🔧 at the gearbox' })
  await db.sync()
  await shows(text, 'oil 👩‍🔧 at the gearbox')
  assert.equal(text.indexOf(caret), 'oil 👩‍🔧 at the'.length)
  text.splice(text.indexOf(caret), 0, ' big')
  await server.patch(type, id, { notes: 'Oil 👩‍🔧 at the gearbox, twice' })
  await db.sync() // comes while it is being typed
  assert.equal(text.value, 'oil 👩‍🔧 at the big gearbox')
  await text.flush()
  await db.sync()
  const want = 'Oil 👩‍🔧 at the big gearbox, twice'
  assert.equal((await server.get(type, id)).value.notes, want)
  assert.equal((await orders.get(id))?.value.notes, want)
  await shows(text, want)
})

test('typing goes on while the last is being written', { skip }, async () => {
  const { id, orders } = await annas('')
  const text = await orders.text(id, 'notes')
  const writing = []
  for (let i = 0; i < 30; i++) {
    text.splice(text.value.length, 0, String(i % 10))
    text.splice(0, 0, 'x')
    if (i % 3 === 0) writing.push(text.flush())
  }
  await Promise.all([...writing, text.flush()])
  assert.equal(text.value, 'x'.repeat(30) + '0123456789'.repeat(3))
  assert.equal((await orders.get(id))?.value.notes, text.value)
})

test('two tabs that type at the same time lose nothing', { skip }, async () => {
  const indexedDB = new IDBFactory()
  const { id, orders } = await annas('middle', { indexedDB })
  const other = await device(server, 'anna', { indexedDB, token: undefined })
  const one = await orders.text(id, 'notes')
  const two = await other.collection(type).text(id, 'notes')
  one.splice(0, 0, 'one ')
  two.splice(6, 0, ' two')
  await Promise.all([one.flush(), two.flush()])
  assert.equal((await other.collection(type).get(id))?.value.notes, 'one middle two')
})

test('a text in a row, and one that was not there', { skip }, async () => {
  const schema = { type: 'object', properties: { rows: { type: 'array', items: { type: 'object', properties: { remark: { type: 'string', contentMediaType: 'text/plain' } } } } } }
  const name = await server.publish(schema)
  const id = await server.add(name, { rows: [{}, {}] })
  const db = await device(server, 'anna')
  await db.sync()
  const orders = db.collection(name)
  const row = (await orders.get(id))?.rows('rows')[1].id ?? ''
  const text = await orders.text(id, ['rows', row, 'remark'])
  text.splice(0, 0, 'leaks')
  await db.close() // which writes it
  const again = await device(server, 'anna', { indexedDB: db.options.indexedDB })
  assert.deepEqual((await again.collection(name).get(id))?.value.rows, [{}, { remark: 'leaks' }])
})

test('a page that goes writes what was typed', { skip }, async () => {
  const page = new EventTarget()
  const { id, orders } = await annas('a', { page })
  const text = await orders.text(id, 'notes')
  text.splice(1, 0, 'b')
  page.dispatchEvent(new Event('pagehide'))
  await text.flush()
  assert.equal((await orders.get(id))?.value.notes, 'ab')
})

test('what cannot be written still shows, and is written with what follows', { skip }, async () => {
  const { id, db, orders } = await annas('a')
  const text = await orders.text(id, 'notes')
  const write = db.store.write
  db.store.write = () => Promise.reject(new Error('the disk is full'))
  text.splice(1, 0, 'b')
  await assert.rejects(text.flush(), /full/)
  assert.equal(text.value, 'ab')
  text.splice(2, 0, 'c')
  db.store.write = write
  await text.flush()
  assert.equal(text.value, 'abc')
  assert.equal((await orders.get(id))?.value.notes, 'abc')
})
