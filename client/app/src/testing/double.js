// A device without a device: the part of the SDK's API that the app uses, over arrays in
// memory, for looking at pages in every state. Nothing of it is in the app that ships.

import { workOrders } from './work-orders.js'

/** @param {any} condition @param {any} value @param {string} me @returns {boolean} */
function matches (condition, value, me) {
  if (condition === undefined || condition === null || condition === true) return true
  if (condition === false) return false
  if (condition.all) return condition.all.every((/** @type {any} */ c) => matches(c, value, me))
  if (condition.any) return condition.any.some((/** @type {any} */ c) => matches(c, value, me))
  if (condition.none) return !condition.none.some((/** @type {any} */ c) => matches(c, value, me))
  const is = condition.field.split('.').reduce((/** @type {any} */ v, /** @type {string} */ key) => v?.[key], value)
  const want = (/** @type {any} */ v) => v === '$me' ? me : v
  if ('is' in condition) return (is ?? null) === want(condition.is)
  if ('not' in condition) return (is ?? null) !== want(condition.not)
  if ('in' in condition) return condition.in.map(want).includes(is)
  if ('has' in condition) return Array.isArray(is) && is.includes(want(condition.has))
  if ('from' in condition) return is >= condition.from
  if ('to' in condition) return is <= condition.to
  if ('empty' in condition) return (is === undefined || is === null || is === '' || is.length === 0) === condition.empty
  if ('contains' in condition) return String(is ?? '').toLowerCase().includes(condition.contains.toLowerCase())
  return false
}

class Collection {
  /** @param {any} db @param {string} name */
  constructor (db, name) {
    this.db = db
    this.name = name
  }

  get type () { return this.db.types.find((/** @type {any} */ t) => t.name === this.name) }
  /** @returns {any[]} */
  get rows () { return this.db.records.get(this.name) ?? [] }

  /** @param {any} condition @param {any} [options] */
  findNow (condition, { sort, limit = Infinity, search, deleted = false, attention } = /** @type {any} */ ({})) {
    const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
    const found = this.rows.filter((doc) => doc.deleted === deleted && (!attention || doc.problems.length) && matches(condition, doc.value, this.db.who?.name) &&
      words.every((/** @type {string} */ word) => JSON.stringify(doc.value).toLowerCase().includes(word)))
    const key = Array.isArray(sort) ? sort[0] : sort
    if (key) {
      const down = key.startsWith('-')
      const name = down ? key.slice(1) : key
      const of = (/** @type {any} */ d) => name === '_updated' ? +d.updated : d.value[name] ?? ''
      found.sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) * (down ? -1 : 1))
    }
    return found.slice(0, limit)
  }

  /** @param {any} condition @param {any} [options] */
  async find (condition, options) { return this.findNow(condition, options) }
  /** @param {any} condition @param {any} [options] */
  async count (condition, options) { return this.findNow(condition, { ...options, limit: Infinity }).length }
  /** @param {string} id */
  async get (id) { return this.rows.find((d) => d.id === id) }

  /** @param {any} [condition] @param {any} [options] */
  live (condition, options) {
    const self = this
    /** @type {Set<() => void>} */
    const fns = new Set()
    const live = {
      value: /** @type {any[] | undefined} */ (undefined),
      error: null,
      subscribe (/** @type {() => void} */ fn) { fns.add(fn); return () => fns.delete(fn) },
      close () { self.db.lives.delete(again) }
    }
    const again = () => { live.value = self.findNow(condition, options); fns.forEach((fn) => fn()) }
    this.db.lives.add(again)
    queueMicrotask(again)
    return live
  }

  /** @param {string} id @param {any} fields */
  async update (id, fields) {
    const rows = this.rows.map((d) => d.id === id ? { ...d, value: { ...d.value, ...fields }, pending: true, updated: Date.now() } : d)
    this.db.records.set(this.name, rows)
    this.db.queue.push({ n: this.db.queue.length + 1, type: this.name, doc: id, ops: Object.keys(fields).map((key) => ({ kind: 'set', path: [key], value: fields[key] })), stamp: Date.now().toString(16).padStart(12, '0') + '-0000' })
    this.db.moved()
    this.db.set({ pending: this.db.queue.length })
  }
}

/**
 * @param {{signedIn?: boolean, count?: number}} [options]
 * @returns {any}
 */
export function double ({ signedIn = true, count = 60 } = {}) {
  /** @type {Set<(status: any) => void>} */
  const listeners = new Set()
  const { type, documents } = workOrders(count)
  const db = {
    status: { online: true, syncing: false, pending: 0, refused: 0, partial: false, progress: null, lastSync: new Date(), note: '', signedIn, persisted: true, lost: false },
    who: signedIn ? { user: 'u1', name: 'anna', role: 'worker' } : null,
    types: [type],
    records: new Map([[type.name, documents]]),
    queue: /** @type {any[]} */ ([]),
    no: /** @type {any[]} */ ([]),
    lives: new Set(),
    moved () { db.lives.forEach((fn) => fn()) },
    set (/** @type {any} */ some) { db.status = { ...db.status, ...some }; listeners.forEach((fn) => fn(db.status)) },
    onStatus (/** @type {any} */ fn) { listeners.add(fn); return () => listeners.delete(fn) },
    onTypes () { return () => {} },
    async signIn ({ identity = '', password = '' }) {
      if (password !== 'right') throw Object.assign(new Error('The name or the password is wrong.'), { code: 'unauthorized' })
      db.who = { user: 'u1', name: identity, role: 'worker' }
      db.set({ signedIn: true })
    },
    async enrol () { db.who = { user: 'u1', name: 'anna', role: 'worker' }; db.set({ signedIn: true }) },
    async signOut () { db.who = null; db.set({ signedIn: false }) },
    async sync () {},
    async pending () { return db.queue },
    async refused () { return db.no },
    async dismiss (/** @type {number} */ id) { db.no = db.no.filter((r) => r.id !== id); db.set({ refused: db.no.length }) },
    async dismissNote () { db.set({ note: '' }) },
    async exportPending () { return db.queue.map((p) => JSON.stringify(p)).join('\n') },
    async close () {},
    collection (/** @type {string} */ name) { return new Collection(db, name) }
  }
  return db
}

/** The double as the app opens it, in the state that the address asks for. */
export async function open () {
  const wish = new URLSearchParams(location.search)
  const db = double({ signedIn: !wish.has('out'), count: Number(wish.get('n') ?? 60) })
  Object.assign(globalThis, { db })
  return db
}
