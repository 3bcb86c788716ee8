// What the tests of devices share: devices with a store in memory each, and waiting.

import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { open } from '../src/index.js'

/** @import { Database } from '../src/index.js' */
/** @import { Server } from './server.js' */

/** @type {Set<Database>} */
const opened = new Set()

/**
 * Opens a device for somebody.
 * @param {Server} server
 * @param {string} name
 * @param {object} [options]
 */
export async function device (server, name, options = {}) {
  const db = await open({
    url: server.url, token: server.tokens[name], sync: false, name: 'test',
    ...({ indexedDB: new IDBFactory(), localStorage: null, BroadcastChannel: null, locks: null }), ...options
  })
  opened.add(db)
  return db
}

/** Closes what a test opened. */
export async function closeAll () {
  for (const db of opened) await db.close()
  opened.clear()
}

/**
 * Waits until something is so; it is looked at whenever the device's status or documents move.
 * @template T
 * @param {Database} db
 * @param {() => T | Promise<T>} check
 * @returns {Promise<NonNullable<T>>}
 */
export function until (db, check) {
  return new Promise((resolve, reject) => {
    let busy = false
    let again = false
    const look = async () => {
      again = true
      if (busy) return
      busy = true
      while (again) {
        again = false
        try {
          const got = await check()
          if (got) return end(() => resolve(got))
        } catch (error) {
          return end(() => reject(error))
        }
      }
      busy = false
    }
    const offs = [db.onStatus(look), db.store.onChange(look)]
    /** @param {() => void} say */
    const end = say => {
      for (const off of offs) off()
      say()
    }
    look()
  })
}

/**
 * Copies a database, as a backup of a phone does.
 * @param {IDBFactory} from
 * @param {string} name
 */
export async function copyOf (from, name = 'fieldstack:test') {
  const to = new IDBFactory()
  const source = await result(from.open(name))
  const request = to.open(name, source.version)
  request.onupgradeneeded = () => {
    for (const storeName of source.objectStoreNames) {
      const old = source.transaction(storeName).objectStore(storeName)
      const made = request.result.createObjectStore(storeName, { keyPath: old.keyPath, autoIncrement: old.autoIncrement })
      for (const index of old.indexNames) made.createIndex(index, old.index(index).keyPath)
    }
  }
  const target = await result(request)
  // All of one moment: a device that goes on meanwhile would leave a copy that never was.
  const names = [...source.objectStoreNames]
  const moment = source.transaction(names)
  const held = await Promise.all(names.map(async name => {
    const old = moment.objectStore(name)
    const [keys, values] = await Promise.all([result(old.getAllKeys()), result(old.getAll())])
    return { name, keys, values }
  }))
  for (const { name, keys, values } of held) {
    const store = target.transaction(name, 'readwrite').objectStore(name)
    await Promise.all(keys.map((key, i) => result(store.keyPath ? store.put(values[i]) : store.put(values[i], key))))
  }
  source.close()
  target.close()
  return to
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const result = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})
