// A bad network: what is cut off, lost, repeated, held back and killed in the middle.

import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { IDBFactory } from 'fake-indexeddb'
import { closeAll, device, until } from './device_world.js'
import { Proxy } from './proxy.js'
import { Server, orderSchema, skip } from './server.js'

/** @type {Server} */
let server
/** @type {Proxy} */
let proxy
let type = ''

before(async () => { if (!skip) server = await Server.start() })
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

/** Anna's device behind the proxy, for this test's type. @param {object} [options] */
const annas = options => device(server, 'anna', { url: proxy.url, subscribe: [{ type }], limit: 1000, ...options })

/** @param {number} n */
const orders = n => Array.from({ length: n }, (_, i) => ({ title: 'Order ' + i, status: i % 2 ? 'open' : 'done' }))

test('a first sync that is cut off goes on where it was, with progress, and brings everything once', { skip }, async () => {
  await server.addMany(type, orders(2500))
  const indexedDB = new IDBFactory()
  let db = await annas({ indexedDB })
  proxy.cutAfter = 2 // who is asking, and the first page
  await assert.rejects(db.sync(), { code: 'offline' })
  assert.equal(db.status.partial, true)
  assert.deepEqual(db.status.progress, { received: 1000, total: 2500 })
  assert.equal(await db.collection(type).count(), 1000)
  Object.assign(proxy, { cut: false, cutAfter: Infinity })
  db = await annas({ indexedDB })
  const report = await db.sync()
  assert.equal(report.received, 1500)
  assert.deepEqual([db.status.partial, db.status.progress], [false, null])
  assert.equal(await db.collection(type).count(), 2500)
  assert.equal((await db.collection(type).find({ field: 'status', is: 'open' }, { sort: '-title', limit: 2 })).length, 2)
})

test('work done in the middle of a first sync is kept and sent', { skip }, async () => {
  const ids = await server.addMany(type, orders(2500))
  const db = await annas()
  proxy.cutAfter = 2
  await assert.rejects(db.sync(), { code: 'offline' })
  await db.collection(type).update(ids[0], { assignee: 'anna' })
  const { id } = await db.collection(type).insert({ title: 'In the middle' })
  Object.assign(proxy, { cut: false, cutAfter: Infinity })
  await db.sync()
  assert.equal(db.status.pending, 0)
  assert.equal((await server.get(type, ids[0])).value.assignee, 'anna')
  assert.equal((await server.get(type, id)).value.title, 'In the middle')
  assert.equal(await db.collection(type).count(), 2501)
})

test('a device that is killed between a write and its answer sends again, and counts once', { skip }, async () => {
  const id = await server.add(type, { title: 'Pump' })
  const indexedDB = new IDBFactory()
  const db = await annas({ indexedDB })
  await db.sync()
  await db.collection(type).update(id, e => e.add(['hours'], 1))
  const { held, release } = proxy.hold()
  const dropped = db.sync() // is delivered; its answer comes to a device that is no more
  await held
  db.store.close()
  release()
  await assert.rejects(dropped)
  const again = await annas({ indexedDB })
  assert.equal(again.status.pending, 1)
  await again.collection(type).update(id, e => e.add(['hours'], 2))
  const report = await again.sync()
  assert.equal(report.acknowledged, 2)
  assert.equal((await server.get(type, id)).value.hours, 3)
  assert.equal((await again.collection(type).get(id))?.value.hours, 3)
})

test('requests that are delivered twice count once', { skip }, async () => {
  const id = await server.add(type, { title: 'Pump', tags: [] })
  const db = await annas()
  await db.sync()
  for (let i = 0; i < 5; i++) {
    await db.collection(type).update(id, e => {
      e.add(['hours'], 1)
      e.splice(['notes'], 0, 0, 'x')
    })
    proxy.repeats = 1
    await db.sync()
  }
  const { value } = await server.get(type, id)
  assert.deepEqual([value.hours, value.notes], [5, 'xxxxx'])
  assert.deepEqual((await db.collection(type).get(id))?.value, value)
})

test('a queue of many changes goes in several pushes, smaller ones over a link that loses answers', { skip }, async () => {
  const id = await server.add(type, { title: 'Pump' })
  const db = await annas()
  await db.sync()
  for (let i = 0; i < 520; i++) await db.collection(type).update(id, e => e.add(['hours'], 1))
  proxy.loseAnswers = 3
  for (let i = 0; i < 3; i++) await assert.rejects(db.sync(), { code: 'offline' })
  const before = proxy.asked.length
  const report = await db.sync()
  assert.equal(report.acknowledged, 520)
  assert.ok(proxy.asked.length - before > 2, 'it begins with a part')
  assert.equal((await server.get(type, id)).value.hours, 520)
})

test('a proxy that holds events back is noticed, and the device asks now and then', { skip }, async () => {
  const id = await server.add(type, { title: 'Pump' })
  proxy.buffers = true
  const timers = manual()
  const db = await annas({ sync: true, timers })
  await proxy.streamed()
  await server.patch(type, id, { status: 'done' })
  assert.equal((await db.collection(type).get(id))?.value.status, undefined)
  timers.pass(10_000) // the stream has said nothing
  await timers.waited() // and the device waits
  timers.pass(2000)
  await until(db, async () => (await db.collection(type).get(id))?.value.status === 'done')
  assert.equal(db.status.online, true)
})

test('a stream that falls silent is dropped and opened anew', { skip }, async () => {
  const timers = manual()
  const db = await annas({ sync: true, timers })
  await proxy.streamed()
  await until(db, () => db.status.online && !db.status.syncing)
  const again = proxy.next('GET /api/_events')
  timers.pass(31_000) // the server would have said something twice
  await timers.waited()
  timers.pass(2000)
  await again
  assert.equal(proxy.count('GET /api/_events'), 2)
})

test('a network that is back wakes the device, whatever it waits for', { skip }, async () => {
  const page = new EventTarget()
  const timers = manual()
  proxy.cut = true
  const db = await annas({ sync: true, timers, page })
  await until(db, () => db.status.outOfReach)
  assert.match(db.status.outOfReach ?? '', /No answer/)
  await timers.waited()
  proxy.cut = false
  page.dispatchEvent(new Event('online'))
  await until(db, () => db.status.online)
  assert.equal(db.status.outOfReach, undefined)
})

test('a session that ended stops the device until somebody signs in, and loses nothing', { skip }, async () => {
  const db = await annas({ sync: true, token: (await server.call('POST', '/api/_session', { identity: 'anna', password: 'of the person anna' })).token })
  await until(db, () => db.types.length === 1 && !db.status.syncing)
  server.tokens.gone = db.me.token
  await server.call('DELETE', '/api/_session', undefined, 'gone')
  const { id } = await db.collection(type).insert({ title: 'Made without a session' })
  await until(db, () => !db.status.signedIn)
  assert.equal(db.status.pending, 1)
  await db.signIn({ identity: 'anna', password: 'of the person anna' })
  await until(db, () => db.status.pending === 0)
  assert.equal((await server.get(type, id)).value.title, 'Made without a session')
})

/** Timers that go when a test says so; time itself goes on. */
function manual () {
  /** @type {Map<object, { fn: () => void, at: number }>} */
  const set = new Map()
  let now = 0
  /** @type {(() => void)[]} */
  let waiting = []
  return {
    /**
     * @param {() => void} fn
     * @param {number} ms
     */
    setTimeout (fn, ms) {
      const timer = {}
      set.set(timer, { fn, at: now + ms })
      if (ms < 10_000) {
        for (const go of waiting) go()
        waiting = []
      }
      return timer
    },
    /** @param {any} timer */
    clearTimeout (timer) { set.delete(timer) },
    /** Resolves when somebody begins to wait for a short time. */
    waited: () => new Promise(resolve => {
      if ([...set.values()].some(t => t.at - now < 10_000)) resolve(undefined)
      else waiting.push(() => resolve(undefined))
    }),
    /** @param {number} ms */
    pass (ms) {
      now += ms
      for (const [timer, { fn, at }] of set) {
        if (at > now) continue
        set.delete(timer)
        fn()
      }
    }
  }
}

test('a schema published while away comes with its documents', { skip }, async () => {
  const db = await annas()
  await db.sync()
  await server.publish({ ...orderSchema, properties: { ...orderSchema.properties, place: { type: 'string' } } }, type)
  const id = await server.add(type, { title: 'Pump', place: 'north' })
  await db.sync()
  assert.equal((await db.collection(type).get(id))?.value.place, 'north')
  assert.equal(db.collection(type).type?.version, 2)
})

test('what waits on a device is told with each request, for those who look after devices', { skip }, async () => {
  /** @type {any[]} */
  const told = []
  const db = await annas({
    label: 'Anna’s van',
    app: 'van 1.0',
    fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (url.endsWith('/_sync')) told.push(JSON.parse(/** @type {string} */ (init.body)).device)
      return fetch(url, init)
    }
  })
  await db.sync()
  assert.deepEqual(told.pop(), { label: 'Anna’s van', app: 'van 1.0', unsent: 0, refused: 0, types: {} })
  const begun = Date.now()
  for (const value of orders(501)) await db.collection(type).insert(value)
  told.length = 0
  await db.sync()
  assert.deepEqual(told.map(({ unsent, types }) => [unsent, types[type]]), [[1, 1], [0, 1]])
  assert.ok(told[0].oldest >= begun && told[0].oldest <= Date.now(), `the oldest was made at ${told[0].oldest}`)
})
