// What somebody changes on an admin page and saves later: only what differs is saved, with
// what it was; the record may move on meanwhile, and nobody's work is lost.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Document } from '../../js/src/crdt/document.js'
import { Edits } from '../src/form/edits.js'
import { keyOf, same } from '../src/form/path.js'
import { readType } from '../src/studio/type.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))
const { schema: { plan } } = readType({ name: 'inspection', version: 1, schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') })
const seeds = process.env.FIELDSTACK_SEED ? [Number(process.env.FIELDSTACK_SEED)] : Array.from({ length: 60 }, (_, i) => i + 1)

/** Numbers from 0 to below n, the same for the same seed. @param {number} seed */
const dice = (seed) => (/** @type {number} */ n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return Math.floor(seed / 2147483648 * n)
}

/** A server of one record, which merges as PATCH with `from` does (collections/write.go, rebase). */
class Office {
  /** @param {any} value */
  constructor (value) {
    this.doc = new Document()
    this.n = 0
    this.write((e) => e.putAll(value))
  }

  get value () { return /** @type {any} */ (this.doc.value()) }

  get record () { return { value: this.value, disagreements: this.doc.disagreements() } }

  /** @param {(e: any) => void} edit */
  write (edit) {
    const e = this.doc.edit('000000000000000a', plan)
    edit(e)
    const ops = e.ops()
    if (!ops.length) return
    const prev = this.n
    this.doc.apply({ replica: '000000000000000a', n: ++this.n, ...(prev && { prev }), stamp: String(this.n).padStart(12, '0') + '-0000', type: 'inspection', version: 1, doc: 'x', ops })
  }

  /** @param {import('../src/form/edits.js').Changes} changes */
  save ({ patch, from, picks }) {
    const after = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
    for (const { path, value } of picks) this.write((e) => value === undefined ? e.remove(path) : e.pick(path, value))
    this.write((e) => { for (const field of Object.keys(patch).sort()) e.rebase(field, from, after) })
  }
}

const start = { title: 'Pump', status: 'planned', reading: 3, meter: 10, hours: 1, tags: ['a'], notes: 'one two', parts: [{ part: 'seal', quantity: 1 }], address: { street: 'A', city: 'B' } }

/** @param {Edits} edits @param {(n: number) => number} roll @param {string} who */
async function edit (edits, roll, who) {
  const word = who + roll(3)
  const rows = edits.rows(['parts'])
  const ways = [
    () => edits.put(['title'], word),
    () => edits.put(['status'], ['planned', 'on_site', 'done'][roll(3)]),
    () => edits.put(['verdict'], roll(4) ? ['pass', 'again', 'fail'][roll(3)] : undefined),
    () => edits.add(['hours'], 1 + roll(3)),
    () => edits.put(['meter'], Math.max(edits.get(['meter']), Number(edits.held(['meter']))) + 1),
    () => edits.include(['tags'], word),
    () => edits.exclude(['tags'], 'a'),
    () => edits.put(['notes'], (edits.get(['notes']) ?? '') + word),
    () => edits.insertRow(['parts'], rows.length, { part: word, quantity: 1 }),
    () => rows.length ? edits.put(['parts', rows[0].id, 'quantity'], 1 + roll(9)) : undefined,
    () => rows.length ? edits.removeRow(['parts'], rows[roll(rows.length)].id) : undefined,
    () => edits.put(['address', roll(2) ? 'street' : 'city'], word),
    () => edits.put(['reason'], roll(2) ? word : undefined)
  ]
  await ways[roll(ways.length)]()
}

/** Chooses wherever somebody else changed the same. @param {Edits} edits @param {(n: number) => number} roll */
function settle (edits, roll) {
  for (const { path } of [...edits.clashes.values()]) edits.settle(path, roll(2) ? 'mine' : 'theirs')
}

test('what one person saves alone is what the record is', async () => {
  for (const seed of seeds) {
    const roll = dice(seed)
    const office = new Office(start)
    const edits = new Edits(plan, office.record)
    for (let i = 0; i < 6; i++) await edit(edits, roll, 'x')
    const want = edits.value
    const changes = edits.changes()
    for (const key of Object.keys(changes.patch)) assert.ok(!same(want[key], /** @type {any} */ (start)[key]), `seed ${seed}: ${key} did not change`)
    office.save(changes)
    edits.saved(changes)
    edits.moved(office.record)
    assert.deepEqual(office.value, want, `seed ${seed}`)
    assert.deepEqual(edits.value, want, `seed ${seed}`)
    assert.deepEqual(edits.changed, [], `seed ${seed}`)
  }
})

test('two people who save in turns end with one record, and nothing that was typed is lost unasked', async () => {
  for (const seed of seeds) {
    const roll = dice(seed)
    const office = new Office(start)
    const people = ['a', 'b'].map((who) => ({ who, edits: new Edits(plan, office.record) }))
    for (let i = 0; i < 12; i++) {
      const { who, edits } = people[roll(2)]
      await edit(edits, roll, who)
      if (roll(3)) continue
      settle(edits, roll)
      const changes = edits.changes()
      office.save(changes)
      edits.saved(changes)
      for (const one of people) {
        const before = one.edits.value
        const untouched = Object.keys(start).filter((key) => !one.edits.changed.includes(key))
        one.edits.moved(office.record)
        for (const key of untouched) assert.deepEqual(one.edits.value[key], office.value[key], `seed ${seed}: ${key} did not follow`)
        for (const key of ['title', 'status', 'reason']) {
          const lost = !same(before[key], one.edits.value[key]) && !untouched.includes(key) && key in start
          assert.ok(!lost, `seed ${seed}: ${key} of ${one.who} was overwritten`)
        }
      }
    }
    for (const { edits } of people) {
      edits.moved(office.record)
      settle(edits, roll)
      const changes = edits.changes()
      office.save(changes)
      edits.saved(changes)
      edits.moved(office.record)
      assert.deepEqual(edits.value, office.value, `seed ${seed}`)
      assert.deepEqual(edits.changed, [], `seed ${seed}`)
    }
  }
})

test('what is kept in the browser is taken up as it was, on the record as it is then', async () => {
  for (const seed of seeds) {
    const roll = dice(seed)
    const office = new Office(start)
    const edits = new Edits(plan, office.record)
    for (let i = 0; i < 5; i++) await edit(edits, roll, 'x')
    const kept = JSON.parse(JSON.stringify(edits.changes()))
    office.write((e) => e.put(['reading'], 99))
    office.write((e) => e.include(['tags'], 'other'))
    edits.moved(office.record)
    const again = new Edits(plan, office.record)
    again.resume(kept)
    assert.deepEqual(again.value, edits.value, `seed ${seed}`)
    assert.deepEqual(again.changes(), edits.changes(), `seed ${seed}`)
    assert.deepEqual([...again.clashes], [...edits.clashes], `seed ${seed}`)
  }
})

test('where only one value can stay, the person is asked', async () => {
  const office = new Office(start)
  const edits = new Edits(plan, office.record)
  await edits.put(['title'], 'Mine')
  await edits.put(['address', 'street'], 'Mine')
  await edits.add(['hours'], 2)
  await edits.put(['notes'], 'one two three')
  office.write((e) => { e.put(['title'], 'Theirs'); e.put(['address', 'city'], 'Theirs'); e.add(['hours'], 10); e.put(['notes'], 'zero one two') })
  edits.moved(office.record)
  assert.deepEqual([...edits.clashes.keys()], ['/title'])
  assert.deepEqual(edits.clash(['title'])?.value, 'Theirs')
  assert.equal(edits.value.title, 'Mine')
  assert.deepEqual(edits.value.address, { street: 'Mine', city: 'Theirs' })
  assert.equal(edits.value.hours, 13)
  assert.equal(edits.value.notes, 'zero one two three')
  assert.deepEqual(edits.changes().from.hours, 11)
  edits.settle(['title'], 'theirs')
  assert.equal(edits.value.title, 'Theirs')
  assert.ok(!('title' in edits.changes().patch))
  office.write((e) => e.put(['title'], 'Theirs again'))
  edits.moved(office.record)
  assert.equal(edits.clashes.size, 0)
})

test('one of several values is picked, or another is written', async () => {
  const office = new Office(start)
  const one = office.doc.clone()
  office.write((e) => e.put(['verdict'], 'pass'))
  const editor = one.edit('000000000000000b', plan)
  editor.put(['verdict'], 'fail')
  const ops = editor.ops()
  office.doc.apply({ replica: '000000000000000b', n: 1, stamp: '000000000009-0000', type: 'inspection', version: 1, doc: 'x', ops })
  const edits = new Edits(plan, office.record)
  assert.equal(edits.document.disagreements.length, 1)
  const seen = office.doc.disagreements()[0].values.map(({ id }) => id)
  assert.equal(edits.get(['verdict']), 'fail')
  await edits.pick(['verdict'], 'pass')
  assert.equal(edits.document.disagreements.length, 0)
  assert.deepEqual(edits.changed, ['verdict'])
  const changes = edits.changes()
  assert.deepEqual(changes, { patch: {}, from: {}, picks: [{ path: ['verdict'], value: 'pass', choice: seen[1], seen }] })
  await edits.put(['verdict'], 'again')
  assert.deepEqual(edits.changes(), { patch: { verdict: 'again' }, from: { verdict: 'fail' }, picks: [] })
  office.save(changes)
  edits.moved(office.record)
  assert.deepEqual(office.doc.disagreements(), [])
})

test('a changed field says what it was, and goes back to it', async () => {
  const office = new Office(start)
  const edits = new Edits(plan, office.record)
  assert.equal(edits.was(['title']), undefined)
  await edits.put(['title'], 'Mine')
  await edits.put(['reason'], 'New')
  assert.deepEqual([edits.was(['title']), edits.was(['reason'])], [{ value: 'Pump' }, { value: undefined }])
  await edits.revert(['title'])
  await edits.revert(['reason'])
  assert.deepEqual(edits.changes(), { patch: {}, from: {}, picks: [] })
  assert.equal(new Edits(plan).was(['title']), undefined)
})

test('rows stay the same rows when the record moves on', async () => {
  const office = new Office({ ...start, parts: [{ part: 'a' }, { part: 'b' }] })
  const edits = new Edits(plan, office.record)
  const [a, b] = edits.rows(['parts']).map(({ id }) => id)
  await edits.put(['parts', b, 'quantity'], 5)
  office.write((e) => { e.insertRow(['parts'], 0, { part: 'first' }) })
  edits.moved(office.record)
  const rows = edits.rows(['parts'])
  assert.deepEqual(rows.map(({ value }) => value), [{ part: 'first' }, { part: 'a' }, { part: 'b', quantity: 5 }])
  assert.deepEqual(rows.slice(1).map(({ id }) => id), [a, b])
  assert.equal(keyOf(['parts', a]).startsWith('/parts/'), true)
})
