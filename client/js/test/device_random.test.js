// Devices that edit at random, sync now and then, lose answers, are killed, copied and restarted,
// and have clocks that jump, end with the server's documents, and every edit is accounted for.

import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { IDBFactory } from 'fake-indexeddb'
import { closeAll, copyOf, device } from './device_world.js'
import { Proxy } from './proxy.js'
import { Server, skip } from './server.js'
import { Random } from './store_world.js'

/** @import { Database, Document, Editor } from '../src/index.js' */

const worlds = Number(process.env.FIELDSTACK_SOAK ? 300 : process.env.FIELDSTACK_WORLDS ?? 4)
const random = new Random()

/** @type {Server} */
let server
/** @type {Proxy[]} */
let proxies = []

before(async () => { if (!skip) server = await Server.start() })
after(() => server?.stop())
afterEach(async () => {
  await closeAll()
  await Promise.all(proxies.map(proxy => proxy.stop()))
})

const typed = ['seal', 'Need part.', 'checked ✓', 'über', '👩‍🔧', 'é', '\n', '42 bar', 'x']

/**
 * One thing that a person does to a work order.
 * @param {Document} d
 * @returns {(e: Editor) => void}
 */
function randomEdit (d) {
  const pick = random.pick(typed)
  const notes = String(d.value.notes ?? '')
  const tags = /** @type {string[]} */ (d.value.tags ?? [])
  const rows = d.rows('parts')
  const row = rows.length ? random.pick(rows).id : ''
  switch (random.below(11)) {
    case 0: return e => e.put(['status'], random.pick(['open', 'in_progress', 'waiting', 'done']))
    case 2: return e => e.put(['meter'], Number(d.value.meter ?? 0) + random.below(5))
    case 3: return e => e.include(['tags'], pick)
    case 4: if (tags.length) return e => e.exclude(['tags'], random.pick(tags)); break
    case 5: if (rows.length < 8) return e => { e.insertRow(['parts'], random.below(rows.length + 1), { part: pick, quantity: random.below(9) }) }; break
    case 6: if (row) return e => e.moveRow(['parts'], row, random.below(rows.length)); break
    case 7: if (row) return e => e.removeRow(['parts'], row); break
    case 8: if (row) return e => e.put(['parts', row, 'quantity'], random.below(100)); break
    case 1: return e => e.put(['cause'], pick)
  }
  const points = [...notes]
  const at = random.below(points.length + 1)
  const end = random.below(3) ? at : at + random.below(points.length - at + 1)
  return e => e.splice(['notes'], points.slice(0, at).join('').length, points.slice(at, end).join('').length, pick)
}

/** A device that can be killed and copied. */
class Player {
  /** How much each record's hours were raised by what this one was told is done. @type {Map<string, number>} */
  hours = new Map()
  ahead = 0
  indexedDB = new IDBFactory()
  /** @type {Database} */
  db = /** @type {any} */ (undefined)

  /**
   * @param {string} name
   * @param {string} type
   * @param {Proxy} proxy
   * @param {boolean} sync it keeps level by itself, too
   */
  constructor (name, type, proxy, sync) {
    this.sync = sync
    this.name = name
    this.type = type
    this.proxy = proxy
  }

  async open () {
    const now = () => {
      if (!random.below(200)) this.ahead = (random.below(20) - 10) * 365 * 86_400_000
      return Date.now() + this.ahead
    }
    this.db = await device(server, this.name, { url: this.proxy.url, subscribe: [{ type: this.type }], indexedDB: this.indexedDB, now, sync: this.sync, random: (/** @type {Uint8Array} */ bytes) => bytes.map(() => random.below(256)) })
    return this
  }

  get orders () { return this.db.collection(this.type) }

  /** @param {string[]} ids */
  async edit (ids) {
    const id = random.pick(ids)
    const d = await this.orders.get(id)
    if (!d) throw new Error('a record is gone: ' + id)
    if (!random.below(40)) await this.orders.remove(id)
    else if (d.deleted && random.below(2)) await this.orders.restore(id)
    else if (!random.below(9)) {
      const amount = (1 + random.below(8)) / 4
      await this.orders.update(id, e => e.add(['hours'], amount))
      this.hours.set(id, (this.hours.get(id) ?? 0) + amount)
    } else {
      // What comes while somebody looks may have moved what they meant.
      await this.orders.update(id, randomEdit(d)).catch(error => assert.ok(this.sync && error.code === 'invalid', error))
    }
  }

  /** Drops the device without closing it, and opens its store again. */
  async kill () {
    this.db.store.close()
    await this.open()
  }
}

test('random devices on a bad network converge, and every edit is accounted for', { skip }, async () => {
  for (let world = 0; world < worlds; world++) {
    await play(world % 2 === 1)
    await closeAll()
    await Promise.all(proxies.map(proxy => proxy.stop()))
  }
  proxies = []
})

/** @param {boolean} sync */
async function play (sync) {
  const type = await server.publish()
  const ids = await server.addMany(type, Array.from({ length: 4 }, (_, i) => ({ title: 'Order ' + i, notes: 'start' })))
  proxies = await Promise.all([0, 1, 2].map(() => Proxy.start(server.url)))
  const players = await Promise.all(['anna', 'ben', 'olga'].map((name, i) => new Player(name, type, proxies[i], sync).open()))
  for (const { db } of players) await db.sync()
  for (let step = 0; step < 60; step++) {
    const player = random.pick(players)
    for (let n = random.below(6); n > 0; n--) await player.edit(ids)
    await disturb(player, players)
  }
  for (const proxy of proxies) Object.assign(proxy, { cut: false, loseAnswers: 0, repeats: 0 })
  for (let round = 0; round < 3; round++) for (const { db } of players) await db.sync()
  for (const id of ids) {
    const want = await server.get(type, id)
    for (const { db, name } of players) {
      const d = await db.collection(type).get(id)
      assert.deepEqual(d?.value, want.value, `${name} and the server differ on ${id}`)
      assert.deepEqual([d?.deleted, d?.pending], [want.deleted ?? false, false])
    }
    const hours = players.reduce((sum, p) => sum + (p.hours.get(id) ?? 0), 0)
    assert.equal(want.value.hours ?? 0, hours, 'each amount was added once')
  }
  for (const { db } of players) assert.deepEqual([db.status.pending, await db.refused()], [0, []])
}

/**
 * Something happens to a device and its network.
 * @param {Player} player
 * @param {Player[]} players
 */
async function disturb (player, players) {
  const { proxy } = player
  switch (random.below(10)) {
    case 6:
      proxy.cutStreams()
      break
    case 0:
      proxy.loseAnswers = 1
      break
    case 1:
      proxy.repeats = 1
      break
    case 2:
      proxy.cut = !proxy.cut
      return
    case 3:
      return player.kill()
    case 4: { // is killed while it takes an answer in
      const going = player.db.sync().catch(() => {})
      for (let n = random.below(20); n > 0; n--) await null
      player.db.store.close()
      await going
      return player.kill()
    }
    case 5: { // a backup of its store is put back in a new place, and both go on; the old one for good only once it is level
      if (players.length > 4) return
      const copy = new Player(player.name, player.type, proxy, player.sync)
      copy.indexedDB = await copyOf(player.indexedDB)
      if ((await player.db.pending()).length) return
      players.push(await copy.open())
      return
    }
  }
  await player.db.sync().catch(error => assert.equal(error.code, 'offline', error.stack))
}
