// A device that was away for longer than the server keeps history, 400 days.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { IDBFactory } from 'fake-indexeddb'
import { closeAll, device } from './device_world.js'
import { Proxy } from './proxy.js'
import { ClockServer, skipClock as skip } from './server.js'

const note = 'This device was away for longer than the server keeps history (400 days). Its unsent work was put on top of the current records.'

/** @type {ClockServer} */
let server
/** @type {Proxy} */
let proxy
let type = ''

before(async () => { if (!skip) server = await ClockServer.start() })
after(() => server?.stop())
beforeEach(async () => {
  if (skip) return
  type = await server.publish()
  proxy = await Proxy.start(server.url)
})
afterEach(async () => {
  await closeAll()
  await proxy?.stop()
})

/** @param {object} [options] */
const annas = options => device(server, 'anna', { url: proxy.url, subscribe: [{ type }], now: server.now, limit: 1000, ...options })

/** @param {any[]} rows */
const byPart = rows => [...rows].sort((a, b) => a.part < b.part ? -1 : 1)

test('everything that was not sent is found on top of what others did, each field by its strategy', { skip }, async () => {
  const row = (/** @type {string} */ part, quantity = 1) => ({ part, quantity })
  const id = await server.add(type, {
    title: 'Oil leak', status: 'open', price: 1, notes: 'seen at the gearbox', tags: ['red', 'old'], parts: [row('seal'), row('ring')], hours: 1, meter: 10
  })
  const db = await annas()
  await db.sync()
  const orders = db.collection(type)
  await orders.update(id, e => {
    e.put(['title'], 'Oil leak, north')
    e.put(['price'], 2)
    e.splice(['notes'], 0, 0, 'oil ')
    e.include(['tags'], 'urgent')
    e.exclude(['tags'], 'old')
    e.add(['hours'], 2.5)
    e.put(['meter'], 30)
    e.insertRow(['parts'], 2, row('bolt', 4))
  })
  await orders.update(id, e => e.add(['hours'], 0.5))
  await server.patch(type, id, {
    title: 'Oil leak at gearbox', status: 'waiting', notes: 'seen at the gearbox, twice', tags: ['red', 'old', 'blue'],
    parts: [row('seal'), row('ring'), row('pipe', 2)], hours: 5, meter: 20
  })
  await server.pass(401)
  await server.patch(type, id, { assignee: 'ben' })
  const report = await db.sync()
  assert.deepEqual([report.note, db.status.note, db.status.pending, db.status.refused], [note, note, 0, 0])
  const { value } = await server.get(type, id)
  assert.deepEqual({ ...value, tags: [...value.tags].sort(), parts: byPart(value.parts) }, {
    title: 'Oil leak, north', status: 'waiting', price: 2, assignee: 'ben', notes: 'oil seen at the gearbox, twice', tags: ['blue', 'red', 'urgent'],
    hours: 8, meter: 30, parts: [row('bolt', 4), row('pipe', 2), row('ring'), row('seal')]
  })
  assert.deepEqual((await orders.get(id))?.value, value)
  await db.dismissNote()
  await orders.update(id, { status: 'done' })
  assert.equal((await db.sync()).note, '')
  assert.equal((await server.get(type, id)).value.status, 'done')
})

test('a device that comes back just in time merges as ever', { skip }, async () => {
  const id = await server.add(type, { title: 'Oil leak', notes: 'at the gearbox' })
  const db = await annas()
  await db.sync()
  await db.collection(type).update(id, e => e.splice(['notes'], 0, 0, 'north, '))
  await server.patch(type, id, { notes: 'at the gearbox again' })
  await server.pass(399)
  await server.patch(type, id, { status: 'open' })
  const report = await db.sync()
  assert.deepEqual([report.note, report.acknowledged, report.newReplica], ['', 1, false])
  assert.equal((await server.get(type, id)).value.notes, 'north, at the gearbox again')
})

test('what cannot be put on top of anything is kept with its text and a reason', { skip }, async () => {
  const [gone, kept, dropped, field, twice] = await server.addMany(type, ['gone', 'kept', 'dropped', 'field', 'twice'].map(title => ({ title, hours: 1 })))
  const db = await annas()
  await db.sync()
  const orders = db.collection(type)
  proxy.loseAnswers = 1
  await orders.update(twice, e => e.add(['hours'], 2))
  await assert.rejects(db.sync(), { code: 'offline' })
  await orders.update(gone, { notes: 'all that was typed' })
  await orders.remove(kept)
  await orders.remove(dropped)
  await orders.update(field, { price: 7, assignee: 'anna' })
  const made = await orders.insert({ title: 'made offline' })
  await orders.update(made.id, { notes: 'and edited' })
  await server.call('DELETE', `/api/${type}/${gone}`)
  await server.patch(type, kept, { status: 'done' })
  await server.rules(type, { readOnly: ['price'] })
  await server.pass(401)
  await server.add(type, { title: 'new' })
  await server.pass(0)
  const report = await db.sync()
  assert.equal(report.note, note)
  assert.equal(db.status.pending, 0)
  /** @type {Record<string, string>} */
  const found = {}
  for (const { doc, error, change } of await db.refused()) found[doc] = (found[doc] ?? '') + JSON.stringify([error, change])
  assert.deepEqual(Object.keys(found).sort(), [gone, kept, field, twice].sort())
  assert.match(found[gone], /outdated.*all that was typed/)
  assert.match(found[kept], /outdated.*delete/)
  assert.match(found[field], /outdated.*\/price.*7/)
  assert.match(found[twice], /unsure.*hours/)
  assert.equal((await server.get(type, twice)).value.hours, 3)
  const { assignee, price } = (await server.get(type, field)).value
  assert.deepEqual([assignee, price], ['anna', undefined])
  assert.equal((await server.get(type, kept)).value.status, 'done')
  assert.equal((await server.get(type, dropped)).deleted, true)
  assert.equal((await server.get(type, made.id)).value.notes, 'and edited')
  assert.equal(await orders.get(gone), undefined)
})

test('a device that is cut off and killed while everything comes anew loses nothing', { skip }, async () => {
  const ids = await server.addMany(type, Array(2500).fill({ title: 'order', notes: 'seen', hours: 1 }))
  const touched = ids.filter((_, i) => i % 250 === 0)
  const indexedDB = new IDBFactory()
  let db = await annas({ indexedDB })
  await db.sync()
  for (const id of touched) {
    await db.collection(type).update(id, e => {
      e.splice(['notes'], 0, 0, 'offline ')
      e.add(['hours'], 1)
    })
  }
  await server.patch(type, touched[0], { notes: 'seen, by others' })
  await server.pass(401)
  for (let answers = 0; answers < 3; answers++) {
    Object.assign(proxy, { cut: false, cutAfter: 1 })
    await assert.rejects(db.sync(), { code: 'offline' })
    db = await annas({ indexedDB })
    for (const id of touched) assert.match(String((await db.collection(type).get(id))?.value.notes), /^offline /)
    await db.collection(type).update(touched[answers], e => e.add(['hours'], 1))
  }
  Object.assign(proxy, { cut: false, cutAfter: Infinity })
  await db.sync()
  for (const [i, id] of touched.entries()) {
    const { notes, hours } = (await server.get(type, id)).value
    assert.deepEqual([notes, hours], [i ? 'offline seen' : 'offline seen, by others', i < 3 ? 3 : 2], String(i))
  }
  assert.deepEqual([db.status.pending, db.status.refused, db.status.partial], [0, 0, false])
})

test('work done in the middle of a whole sync counts as made on what the device had before it', { skip }, async () => {
  const ids = await server.addMany(type, Array(2500).fill({ title: 'order', notes: 'seen', hours: 1 }))
  const last = [...ids].sort()[2499] // the third answer brings it
  const db = await annas()
  await db.sync()
  await server.patch(type, last, { notes: 'seen and done' })
  await server.pass(300, '')
  await server.rules(type, { see: { field: 'title', is: 'order' } })
  proxy.cutAfter = 1
  await assert.rejects(db.sync(), { code: 'offline' })
  assert.equal(db.status.partial, true)
  await db.collection(type).update(last, e => e.splice(['notes'], 4, 0, ' twice'))
  await server.patch(type, last, { status: 'done' })
  await server.pass(200) // the floor is behind where the whole sync began, and past what was before
  Object.assign(proxy, { cut: false, cutAfter: Infinity })
  assert.equal((await db.sync()).note, note)
  const { value } = await server.get(type, last)
  assert.deepEqual([value.notes.length, value.status], ['seen and done twice'.length, 'done'])
})

test('a device empties its trash when the server has, and keeps what was taken out in time', { skip }, async () => {
  const [gone, saved, old] = await server.addMany(type, ['gone', 'saved', 'old'].map(title => ({ title })))
  const db = await annas()
  await db.sync()
  const orders = db.collection(type)
  await server.call('DELETE', `/api/${type}/${gone}`)
  await orders.remove(saved)
  await db.sync()
  await server.pass(399)
  await server.call('POST', `/api/${type}/${saved}/restore`, {})
  await db.sync()
  await server.pass(10)
  await db.sync()
  assert.equal(await orders.get(gone), undefined)
  for (const id of [saved, old]) assert.equal((await orders.get(id))?.deleted, false)
})
