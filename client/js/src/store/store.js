// The store of one device. doc.js says how it is laid out.

import { StoreError, storeError } from './error.js'
import { databaseName, openDatabase, result } from './idb.js'
import { Live } from './live.js'
import { Mark, persist } from './lost.js'
import { lastVersion, movesSince, recordMove } from './moves.js'
import { Table } from './table.js'
import { Tabs } from './tabs.js'
import { join, tell } from './tell.js'
import { Tx } from './tx.js'
import { Wrote } from './wrote.js'

/** @import { Options } from './query.js' */
/** @import { Viewer } from './row.js' */
/** @import { Marks } from './lost.js' */

/**
 * What a store stands on; a test gives its own. What is undefined is the page's.
 * @typedef {object} Ground
 * @property {IDBFactory} [indexedDB] with its key ranges in globalThis.IDBKeyRange
 * @property {Marks|null} [localStorage] where the mark is; null: nowhere
 * @property {typeof globalThis.BroadcastChannel|null} [BroadcastChannel] null: this is the only tab
 * @property {Pick<LockManager, 'request'>|null} [locks] null: this tab leads
 * @property {() => void} [onLost] called when the browser takes the store away while it is open
 */

const names = ['state', 'types', 'pages', 'pending', 'refused', 'moves']

/** What a device keeps. Several tabs may have the same one open. */
export class Store {
  /** @type {IDBDatabase} */
  #db
  #name
  #ground
  #mark
  #tabs
  #closed = false
  /** The version that the tables are at. */
  #seen = 0
  /** @type {Map<string, Table>} */
  #tables = new Map()
  /** @type {Map<string, Promise<Table>>} */
  #loading = new Map()
  /** What this tab wrote and its tables do not have yet, by version. @type {Map<number, Tx['written']>} */
  #written = new Map()
  /** What is read into the tables, one after the other. @type {Promise<unknown>} */
  #reading = Promise.resolve()
  /** @type {Set<(keys: [string, string][], all: boolean) => void>} */
  #watchers = new Set()
  /** @type {Set<(message: any) => void>} */
  #hearers = new Set()

  /**
   * Makes what a person sees of a confirmed document and the changes pending on it. To be
   * set before the first table is asked for. It must not wait, and not change rec.
   * @type {Viewer}
   */
  viewer = rec => ({ value: JSON.parse(rec?.value ?? '{}'), deleted: rec?.deleted ?? false, exists: rec?.value != null })

  /** The browser has taken away what was kept, before this opening or since. */
  lost = false

  /**
   * Use {@link Store.open}.
   * @param {string} name
   * @param {Ground} ground
   * @param {IDBDatabase} db
   */
  constructor (name, ground, db) {
    this.#name = name
    this.#ground = ground
    this.#db = db
    this.#mark = markOf(name, ground)
    const { BroadcastChannel = globalThis.BroadcastChannel, locks = globalThis.navigator?.locks } = ground
    this.#tabs = new Tabs(name, { BroadcastChannel: BroadcastChannel ?? undefined, locks: locks ?? undefined }, message => this.#hear(message))
    this.#guard()
    globalThis.document?.addEventListener('visibilitychange', this.#wake)
    globalThis.addEventListener?.('pageshow', this.#wake)
  }

  /**
   * Opens the store by a name, or makes it.
   * @param {string} name
   * @param {Ground} [ground]
   * @returns {Promise<Store>}
   * @throws {StoreError} `unavailable`
   */
  static async open (name, ground = {}) {
    const store = new Store(name, ground, await openDatabase(factoryOf(ground), name))
    store.#seen = await store.#run('readonly', undefined, (_, idb) => lastVersion(idb))
    store.lost = store.#seen === 0 && store.#mark.there()
    return store
  }

  /**
   * Removes a store with all that is in it. Close it first.
   * @param {string} name
   * @param {Ground} [ground]
   */
  static async remove (name, ground = {}) {
    await result(/** @type {IDBFactory} */ (factoryOf(ground)).deleteDatabase(databaseName(name)))
    markOf(name, ground).remove()
  }

  /**
   * Runs fn in one transaction over all of the store. When the promise resolves, to what fn
   * gave, all of it is kept, and shows in the tables of this tab; when it rejects, nothing is.
   * fn awaits nothing but methods of its tx.
   * @template T
   * @param {(tx: Tx) => T|Promise<T>} fn
   * @param {{strict?: boolean}} [options] strict: on the disk, not only with the system
   * @returns {Promise<T>}
   * @throws {StoreError} or what fn throws
   */
  async write (fn, { strict = false } = {}) {
    let version = 0
    /** @type {Tx['written']} */
    let written = new Map()
    const value = await this.#run('readwrite', strict ? 'strict' : 'relaxed', async (tx, idb) => {
      const value = await fn(tx)
      await tx.settled()
      version = await recordMove(idb, tx)
      written = tx.written
      return value
    })
    this.#written.set(version, written)
    this.#mark.set()
    this.#tabs.tell({ version })
    await this.level()
    return value
  }

  /**
   * Runs fn in a transaction that only reads: all it sees is of one moment.
   * @template T
   * @param {(tx: Tx) => T|Promise<T>} fn
   * @returns {Promise<T>}
   */
  read (fn) { return this.#run('readonly', undefined, fn) }

  /**
   * The documents of a type in memory, loaded when first asked for.
   * @param {string} type
   * @returns {Promise<Table>}
   */
  table (type) {
    const had = this.#loading.get(type)
    if (had) return had
    const loading = this.#inTurn(async () => {
      const table = new Table(type, () => this.viewer)
      table.apply(await this.read(async tx => {
        await table.learn(tx)
        return table.read(tx)
      }))
      this.#tables.set(type, table)
      return table
    })
    this.#loading.set(type, loading)
    loading.catch(() => this.#loading.delete(type))
    return loading
  }

  /**
   * A result that stays up to date while somebody is subscribed to it.
   * @param {string} type
   * @param {unknown} [condition]
   * @param {Options} [options]
   */
  live (type, condition, options) { return new Live(() => this.table(type), condition, options) }

  /**
   * Calls fn after each commit, of this tab or another, when the tables have it: with the
   * documents that moved as [type, id], none where only other things did; all: any may have.
   * @param {(keys: [string, string][], all: boolean) => void} fn
   * @returns {() => void} ends it
   */
  onChange (fn) { return join(this.#watchers, fn) }

  /**
   * Calls fn once when this tab is the one that syncs.
   * @param {() => void} fn
   */
  lead (fn) { this.#tabs.lead(fn) }

  /** @param {unknown} message plain data, to the other tabs */
  tell (message) { this.#tabs.tell({ message }) }

  /**
   * @param {(message: any) => void} fn gets what another tab tells
   * @returns {() => void} ends it
   */
  onTell (fn) { return join(this.#hearers, fn) }

  /**
   * Asks the browser not to remove the store when room gets short.
   * @returns {Promise<boolean|null>} null: it does not say
   */
  persist () { return persist() }

  /** Brings the tables up to what other tabs have written. */
  level () {
    return this.#inTurn(() => this.#catchUp()).catch(error => {
      // What was committed is: the next who looks tries again.
      if (!this.#closed) console.warn(error)
    })
  }

  /** Ends it. What was begun is finished; live queries stand still. */
  close () {
    this.#closed = true
    globalThis.document?.removeEventListener('visibilitychange', this.#wake)
    globalThis.removeEventListener?.('pageshow', this.#wake)
    this.#tabs.close()
    this.#db.close()
  }

  #wake = () => { this.level() }

  /** @param {{version?: number, message?: unknown}} told */
  #hear (told) {
    if (told.version === undefined) tell(this.#hearers, told.message)
    else if (told.version > this.#seen) this.level()
  }

  /**
   * Reading into the tables is done in turn, so that they never go back.
   * @template T
   * @param {() => Promise<T>} fn
   * @returns {Promise<T>}
   */
  #inTurn (fn) {
    const turn = this.#reading.then(fn, fn)
    this.#reading = turn
    return turn
  }

  async #catchUp () {
    if (this.#closed) return
    const { version, all, moved, found } = await this.#run('readonly', undefined, async (tx, idb) => {
      const since = await movesSince(idb, this.#seen)
      const own = this.#own(since.version)
      const found = await Promise.all([...this.#tables].map(async ([type, table]) => {
        const ids = since.moved.get(type)
        if (since.all || since.types) await table.learn(tx)
        return { table, rows: since.all || ids ? await table.read(tx, since.all ? undefined : ids, own?.get(type) ?? (own && new Wrote())) : new Map() }
      }))
      return { ...since, found }
    })
    if (version === this.#seen) return
    for (let v = this.#seen; v <= version; v++) this.#written.delete(v)
    this.#seen = version
    for (const { table, rows } of found) table.apply(rows)
    /** @type {[string, string][]} */
    const keys = []
    for (const [type, ids] of moved) for (const id of ids) keys.push([type, id])
    tell(this.#watchers, keys, all)
  }

  /**
   * What this tab wrote up to a version; undefined where another one wrote too.
   * @param {number} version
   * @returns {Tx['written']|undefined}
   */
  #own (version) {
    /** @type {Tx['written']} */
    const own = new Map()
    for (let v = this.#seen + 1; v <= version; v++) {
      const written = this.#written.get(v)
      if (!written) return undefined
      for (const [type, wrote] of written) {
        const all = own.get(type) ?? new Wrote()
        all.join(wrote)
        own.set(type, all)
      }
    }
    return own
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {'strict'|'relaxed'|undefined} durability
   * @param {(tx: Tx, idb: IDBTransaction) => T|Promise<T>} fn
   * @returns {Promise<T>}
   */
  async #run (mode, durability, fn) {
    const idb = await this.#begin(mode, durability)
    let kept = false
    const end = new Promise((resolve, reject) => {
      idb.oncomplete = () => resolve(kept = true)
      idb.onabort = reject
    })
    end.catch(() => {})
    try {
      const value = await fn(new Tx(idb), idb)
      if (mode === 'readwrite') idb.commit()
      await end
      return value
    } catch (error) {
      try {
        idb.abort()
      } catch {} // it has ended by itself
      await end.catch(() => {})
      // Kept, though it failed: fn awaited something else, and the error is the caller's.
      throw kept ? error : storeError(idb.error ?? error)
    }
  }

  /**
   * Begins a transaction. A browser may close a database by itself: then it is opened again,
   * and if it has become another one, empty, it was taken away.
   * @param {IDBTransactionMode} mode
   * @param {'strict'|'relaxed'|undefined} durability
   */
  async #begin (mode, durability) {
    const begin = () => this.#db.transaction(names, mode, durability && { durability })
    if (this.#closed) throw new StoreError('closed')
    try {
      return begin()
    } catch (error) {
      if (this.lost && this.#seen > 0) throw new StoreError('lost', error)
      this.#db = await openDatabase(factoryOf(this.#ground), this.#name)
      this.#guard()
    }
    const version = this.#seen && await lastVersion(this.#db.transaction(names))
    if (version < this.#seen) {
      this.#db.close()
      this.lost = true
      this.#ground.onLost?.()
      throw new StoreError('lost')
    }
    return begin()
  }

  /** Another tab that removes the store must not wait for this one; and one closed by the browser is looked at. */
  #guard () {
    const db = this.#db
    db.onversionchange = () => db.close()
    db.onclose = () => { this.level() }
  }
}

/** @param {Ground} ground */
function factoryOf (ground) { return ground.indexedDB ?? globalThis.indexedDB }

/**
 * @param {string} name
 * @param {Ground} ground
 */
function markOf (name, { localStorage }) {
  return new Mark(name, localStorage === null ? { getItem: () => null, setItem () {}, removeItem () {} } : localStorage)
}
