// The rehearsal merges as the real thing does: whatever two people do to one record,
// with a network or without, both end with the same, which is what the log gives in any
// order, and what is told of it is so.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Document } from '../../js/src/crdt/document.js'
import { millis } from '../../js/src/crdt/stamp.js'
import { keyOf, same } from '../src/form/path.js'
import { numberIn } from '../src/studio/rehearsal/server.js'
import { World } from '../src/studio/rehearsal/world.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))
const type = { name: 'inspection', version: 1, schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') }
const seeds = process.env.FIELDSTACK_SEED ? [Number(process.env.FIELDSTACK_SEED)] : Array.from({ length: 60 }, (_, i) => i + 1)

/** Numbers from 0 to below n, the same for the same seed. @param {number} seed */
const dice = (seed) => (/** @type {number} */ n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return Math.floor(seed / 2147483648 * n)
}

const start = { title: 'Pump', status: 'planned', reading: 3, meter: 10, coldest: 10, hours: 1, tags: ['a'], notes: 'one', parts: [{ part: 'seal', quantity: 1 }], measures: [1] }

/**
 * One of the things that people do to a record.
 * @param {import('../src/studio/rehearsal/device.js').Device} device
 * @param {(n: number) => number} roll
 */
function edit (device, roll) {
  const { view } = device
  const word = ['red', 'green', 'blue'][roll(3)]
  const [row] = view.rows(['parts'])
  /** @type {((e: any) => void)[]} */
  const ways = [
    (e) => e.put(['title'], word + ' pump'),
    (e) => e.put(['status'], ['planned', 'on_site', 'done'][roll(3)]),
    (e) => e.put(['verdict'], ['pass', 'again', 'fail'][roll(3)]),
    (e) => e.remove(['verdict']),
    (e) => e.put(['urgent'], roll(2) === 1),
    (e) => e.put(['meter'], Number(view.value().meter) + 1 + roll(5)),
    (e) => e.put(['coldest'], Number(view.value().coldest) - 1 - roll(5)),
    (e) => e.add(['hours'], (1 + roll(9)) / 10),
    (e) => e.include(['tags'], word),
    (e) => e.exclude(['tags'], word),
    (e) => e.splice(['notes'], roll(view.text(['notes']).length + 1), 0, word),
    (e) => { if (view.text(['notes'])) e.splice(['notes'], 0, 1, '') },
    (e) => e.insertRow(['parts'], roll(view.rows(['parts']).length + 1), { part: word, quantity: 1 + roll(9) }),
    (e) => { if (row) e.put(['parts', row.id, 'quantity'], 1 + roll(9)) },
    (e) => { if (row) e.removeRow(['parts'], row.id) },
    (e) => { if (row) e.moveRow(['parts'], row.id, roll(view.rows(['parts']).length)) },
    (e) => e.insertRow(['measures'], 0, roll(100)),
    (e) => e.put(['stock', word], roll(5)),
    (e) => e.put(['address', roll(2) ? 'street' : 'city'], word),
    (e) => e.put(['place'], { lat: roll(90), long: roll(90) }),
    (e) => e.pick(['verdict'], ['pass', 'again', 'fail'][roll(3)])
  ]
  const way = ways[roll(ways.length)]
  return device.update('', way)
}

/** @param {World} world @param {(n: number) => number} roll */
async function play (world, roll) {
  for (let i = 0; i < 40; i++) {
    const at = roll(2)
    if (roll(4) === 0) world.connect(at, roll(2) === 1)
    else if (roll(8) === 0) world.setClock(at, [0, hour, -24 * hour][roll(3)])
    else await edit(world.devices[at], roll).catch((error) => { if (error.name !== 'OpError') throw error })
  }
  world.connect(0, true)
  world.connect(1, true)
}

test('both end with the same, which is what the log gives in any order', async () => {
  for (const seed of seeds) {
    const roll = dice(seed)
    let now = 1767225600000
    const world = new World({ type, start, now: () => now += roll(3) })
    await play(world, roll)
    const [anna, ben] = world.devices.map(({ confirmed }) => confirmed.encode())
    assert.deepEqual(anna, ben, `seed ${seed}`)
    assert.deepEqual(anna, world.server.doc.encode(), `seed ${seed}`)
    assert.ok(world.level)
    const shuffled = new Document()
    const log = [...world.server.log]
    while (log.length) shuffled.apply(log.splice(roll(log.length), 1)[0].change)
    assert.deepEqual(shuffled.encode(), anna, `seed ${seed}, in another order`)
  }
})

test('what is told is so', async () => {
  /** @type {{[what: string]: number}} */
  const told = {}
  for (const seed of seeds) {
    const roll = dice(seed)
    let now = 1767225600000
    const world = new World({ type, start, now: () => now += 1 + roll(3) })
    for (let i = 0; i < 20; i++) {
      world.connect(0, false)
      world.connect(1, false)
      for (const device of world.devices) await edit(device, roll).catch(() => {})
      const views = world.devices.map(({ view }) => view)
      const before = world.server.doc
      world.tales = []
      const first = roll(2)
      world.connect(first, true)
      world.connect(1 - first, true)
      const after = world.server.doc
      for (const tale of world.tales.filter(({ what }) => what === 'met')) {
        told[tale.strategy] = (told[tale.strategy] ?? 0) + 1
        const say = `seed ${seed}, ${keyOf(tale.path)}`
        const [mine, theirs] = [tale.by, tale.other].map((name) => views[world.devices.findIndex((one) => one.name === name)].find(tale.path)?.value())
        const now = after.find(tale.path)?.value()
        assert.deepEqual(tale.now, now, say)
        if (['register', 'max', 'min'].includes(tale.strategy)) {
          assert.deepEqual([tale.mine, tale.theirs], [mine, theirs], say)
          assert.deepEqual(now, tale.wins === tale.other ? theirs : mine, say)
          assert.equal(tale.wins === '', same(mine, theirs), say)
        }
        if (tale.strategy === 'counter') assert.ok(Math.abs(Number(now) - Number(before.find(tale.path)?.value() ?? 0) - tale.mine - tale.theirs) < 1e-9, say)
        if (tale.strategy === 'conflict') for (const one of [mine, theirs]) assert.ok(tale.values.some((value) => same(value, one)) || (tale.values.length === 0 && same(mine, theirs)), say)
        if (tale.strategy === 'set') for (const one of [...tale.mine.in, ...tale.theirs.in]) assert.ok(/** @type {unknown[]} */ (now).includes(one), say)
      }
    }
  }
  for (const strategy of ['register', 'conflict', 'counter', 'max', 'min', 'text', 'set', 'list']) assert.ok(told[strategy] > 0, strategy + ' was never met: ' + JSON.stringify(told))
})

test('a record made without a network is numbered when the server has it', async () => {
  const world = new World({ type, start, apart: true })
  const [anna, ben] = world.devices
  assert.equal(ben.view.exists(), false)
  assert.equal(anna.view.value().number, undefined)
  assert.equal(anna.pending.length, 1)
  world.connect(0, true)
  assert.equal(anna.view.value().number, 'IN-0001')
  assert.deepEqual(ben.view.value(), anna.view.value())
  assert.deepEqual(world.tales.filter(({ what }) => what === 'numbered').map(({ now }) => now), ['IN-0001'])
  assert.equal(numberIn('WO-{000}/x', 12345), 'WO-12345/x')
})

/** A world whose time goes on by a second whenever somebody looks. */
function ticking () {
  let now = 1767225600000
  const world = new World({ type, start, now: () => now += 1000 })
  return { world, now: () => now }
}

const hour = 3_600_000

test('a stamp from the future is brought back, and wins nothing for ever', async () => {
  const { world, now } = ticking()
  const [anna, ben] = world.devices
  world.connect(1, false)
  world.setClock(1, hour)
  await ben.update('', (e) => e.put(['title'], 'from the future'))
  await ben.update('', (e) => e.put(['title'], 'and after it'))
  assert.ok(millis(ben.pending[0].change.stamp) > now() + hour / 2)
  await anna.update('', (e) => e.put(['title'], 'meanwhile'))
  world.connect(1, true)
  const [first, second] = world.server.log.slice(-2).map(({ change }) => change.stamp)
  assert.ok(millis(second) <= now() && first < second, 'at the time of the server, in the order of the phone')
  assert.deepEqual(world.tales.filter(({ what }) => what === 'ahead').map(({ by }) => by), ['Ben'])
  assert.deepEqual(world.tales.filter(({ what }) => what === 'met').map(({ wins, byClock }) => [wins, byClock]), [['Ben', true]])
  assert.equal(anna.view.value().title, 'and after it')
  await anna.update('', (e) => e.put(['title'], 'written after'))
  assert.equal(ben.view.value().title, 'written after')
  world.tales = []
  await ben.update('', (e) => e.put(['title'], 'from the right time'))
  assert.ok(Math.abs(millis(/** @type {any} */ (world.server.log.at(-1)).change.stamp) - now()) < hour / 2)
  assert.deepEqual(world.tales.map(({ what }) => what), ['arrived'])
})

test('the past is never refused, and comes after what the phone had seen', async () => {
  const { world } = ticking()
  const [anna, ben] = world.devices
  world.connect(1, false)
  const seen = ben.clock.last
  world.setClock(1, -24 * hour)
  await ben.update('', (e) => { e.put(['title'], 'from yesterday'); e.add(['hours'], 2) })
  const [{ change: { stamp } }] = ben.pending
  await anna.update('', (e) => e.put(['title'], 'meanwhile'))
  world.connect(1, true)
  assert.equal(world.server.log.at(-1)?.change.stamp, stamp)
  assert.ok(stamp > seen)
  assert.deepEqual(world.tales.filter(({ what }) => what === 'behind').map(({ by }) => by), ['Ben'])
  assert.equal(anna.view.value().title, 'meanwhile')
  assert.equal(anna.view.value().hours, 3, 'an amount counts whenever it was added')
  assert.deepEqual(ben.view.value(), anna.view.value())
})

test('what is typed into a text is one change, and what the type forbids waits', async () => {
  const world = new World({ type, start })
  const [anna, ben] = world.devices
  world.connect(0, false)
  const text = await anna.text('', ['notes'])
  for (const [i, letter] of [...'Hi! '].entries()) text.splice(i, 0, letter)
  assert.equal(text.value, 'Hi! one')
  assert.equal(anna.pending.length, 0)
  text.flush()
  assert.equal(anna.pending.length, 1)
  await ben.update('', (e) => e.splice(['notes'], 3, 0, ' two'))
  world.connect(0, true)
  assert.equal(text.value, 'Hi! one two')
  assert.equal(ben.view.value().notes, 'Hi! one two')
  text.close()
})
