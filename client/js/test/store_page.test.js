// Pages, against a plain Map: whatever is put, taken away and put in bulk, all is found again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutPages, decodePage, encodePage } from '../src/store/page.js'
import { Random, open, rec } from './store_world.js'

/** @import { Rec } from '../src/store/page.js' */

const random = new Random()

/** @param {Rec|undefined} r */
const plain = r => r && {
  id: r.id, value: r.value, meta: r.meta && [...r.meta], deleted: r.deleted, round: r.round, touched: r.touched,
  created: r.created, createdBy: r.createdBy, updated: r.updated, updatedBy: r.updatedBy
}

test('a page gives what was put into it', () => {
  const recs = [
    rec('a', { text: 'grün 😀 \0 \n', n: 1 }),
    rec('b', {}, { value: null, meta: null, deleted: true }),
    rec('c', [], { meta: new Uint8Array(0), created: null, createdBy: null, updated: null, updatedBy: null })
  ]
  const again = decodePage(structuredClone(encodePage(recs)))
  assert.deepEqual(again.map(plain), recs.map(r => ({ ...plain(r), meta: r.meta?.length ? [...r.meta] : null })))
})

test('a page is cut when it grows beyond what the browser keeps in the database', () => {
  const many = Array.from({ length: 1000 }, (_, i) => rec(String(i).padStart(5, '0'), { n: i }))
  const wide = many.map(r => rec(r.id, '€'.repeat(300)))
  const large = [rec('a', 'x'.repeat(200_000)), rec('b', 1), rec('c', 'x'.repeat(200_000))]
  for (const recs of [many, wide, large]) {
    const parts = cutPages(recs)
    assert.deepEqual(parts.flat(), recs)
    for (const part of parts) {
      const page = encodePage(part)
      const width = /[^\0-\xff]/.test(page.values) ? 2 : 1
      const bytes = page.values.length * width + page.ids.length + page.rest.length + page.metas.length
      assert.ok(part.length === 1 || (bytes < 64 << 10 && part.length <= 128), `${part.length} documents, ${bytes} bytes`)
    }
  }
})

test('documents, put and taken away at random, are those of a Map', async t => {
  const store = await open(t)
  const types = ['order', 'orders', 'site']
  /** @type {Map<string, Rec>} */
  const dumb = new Map()
  const newID = () => random.below(3000).toString(36).padStart(random.below(2) * 4, '0')
  const newRec = (/** @type {string} */ id) => rec(id, { n: random.below(100), text: random.pick(['x', 'ü', '€', '\n']).repeat(random.below(random.pick([5, 500, 5000]))) },
    { meta: new Uint8Array(random.below(40)).fill(random.below(256)), deleted: random.below(5) === 0, updated: random.below(1e6) })

  for (let round = 0; round < 120; round++) {
    const type = random.pick(types)
    const key = (/** @type {string} */ id) => `${type}/${id}`
    await store.write(async tx => {
      for (let step = random.below(4); step >= 0; step--) {
        const what = random.below(6)
        if (what === 0) {
          const id = newID()
          dumb.delete(key(id))
          await tx.deleteDocuments(type, [id])
        } else if (what === 1) {
          const ids = [...dumb.values()].map(r => r.id).filter(() => random.below(3) === 0)
          for (const id of ids) dumb.delete(key(id))
          await tx.deleteDocuments(type, ids)
        } else if (what < 4) {
          const recs = Array.from({ length: random.below(400) }, () => newRec(newID()))
          for (const r of recs) dumb.set(key(r.id), r)
          await tx.bulkPut(type, recs)
        } else {
          // Not awaited one by one: they may meet in one page.
          await Promise.all(Array.from({ length: 5 }, () => {
            const r = newRec(newID())
            dumb.set(key(r.id), r)
            return tx.bulkPut(type, [r])
          }))
        }
      }
    })
    if (round % 10 === 9) await compare(store, dumb, types, newID)
  }
})

/**
 * @param {import('../src/store/store.js').Store} store
 * @param {Map<string, Rec>} dumb
 * @param {string[]} types
 * @param {() => string} newID
 */
async function compare (store, dumb, types, newID) {
  const want = [...dumb].sort(([a], [b]) => a < b ? -1 : 1).map(([key, r]) => [key.slice(0, key.indexOf('/')), key, plain(emptyMeta(r))])
  await store.read(async tx => {
    /** @type {unknown[]} */
    const found = []
    await tx.eachDocument(undefined, (r, type) => found.push([type, `${type}/${r.id}`, plain(r)]))
    assert.deepEqual(found.sort(byKey), want.sort(byKey))
    for (const type of types) {
      let last = ''
      await tx.eachDocument(type, r => {
        assert.ok(last < r.id, 'in order')
        last = r.id
      })
      const ids = Array.from({ length: random.pick([1, 2, 50]) }, newID)
      const many = await tx.documents(type, ids)
      for (const id of ids) {
        const wanted = plain(emptyMeta(dumb.get(`${type}/${id}`)))
        assert.deepEqual(plain(many.get(id)), wanted)
        assert.deepEqual(plain(await tx.document(type, id)), wanted)
      }
    }
  })
}

/** @param {any} a @param {any} b */
function byKey (a, b) { return a[1] < b[1] ? -1 : 1 }

/** No bytes are none. @template {Rec|undefined} R @param {R} r @returns {R} */
function emptyMeta (r) { return r && r.meta?.length === 0 ? { ...r, meta: null } : r }
