// What the tests of the store share: random values from a seed, and stores in memory.

import 'fake-indexeddb/auto'
import { randomUUID } from 'node:crypto'
import { Store } from '../src/store/store.js'

/** @import { Rec } from '../src/store/page.js' */
/** @import { Ground } from '../src/store/store.js' */

const seed = Number(process.env.FIELDSTACK_SEED ?? Date.now() % 1e9)
console.log(`FIELDSTACK_SEED=${seed}`)

/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  #state = seed

  /** @returns {number} from 0 up to 1 */
  next () {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** @param {number} n */
  below (n) { return Math.floor(this.next() * n) }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick (list) { return list[this.below(list.length)] }
}

/**
 * @param {string} id
 * @param {unknown} value
 * @param {Partial<Rec>} [more]
 * @returns {Rec}
 */
export function rec (id, value, more) {
  return { id, value: JSON.stringify(value), meta: new Uint8Array([1, 2, id.length]), deleted: false, round: 1, touched: 2, created: 3, createdBy: 'anna', updated: 4, updatedBy: 'ben', ...more }
}

/** A name that no other test has. */
export function newName () { return randomUUID() }

/**
 * A store, closed when the test ends.
 * @param {import('node:test').TestContext} t
 * @param {string} [name]
 * @param {Ground} [ground]
 */
export async function open (t, name = newName(), ground) {
  const store = await Store.open(name, ground)
  t.after(() => store.close())
  return store
}

/** The marks of one page. */
export class Marks {
  /** @type {Map<string, string>} */
  #items = new Map()
  /** @param {string} key */
  getItem (key) { return this.#items.get(key) ?? null }
  /** @param {string} key @param {string} value */
  setItem (key, value) { this.#items.set(key, value) }
  /** @param {string} key */
  removeItem (key) { this.#items.delete(key) }
}
