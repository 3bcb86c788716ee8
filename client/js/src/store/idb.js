// IndexedDB with promises, and the layout of the database.

import { StoreError } from './error.js'

/**
 * The result of a request. It must be awaited: a failure that nobody awaits is told to
 * the page as an unhandled rejection. A put need not be asked for its result: if it
 * fails, so does its transaction.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function result (request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** @param {string} name */
export function databaseName (name) { return `fieldstack:${name}` }

/**
 * Opens or makes the database.
 * @param {IDBFactory|undefined} factory
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
export async function openDatabase (factory, name) {
  try {
    const request = /** @type {IDBFactory} */ (factory).open(databaseName(name), 1)
    request.onupgradeneeded = () => {
      const db = request.result
      db.createObjectStore('state')
      db.createObjectStore('types', { keyPath: 'name' })
      db.createObjectStore('pages')
      db.createObjectStore('pending', { keyPath: 'n' }).createIndex('doc', ['type', 'doc'])
      db.createObjectStore('refused', { keyPath: 'id', autoIncrement: true })
      db.createObjectStore('moves', { keyPath: 'v', autoIncrement: true })
    }
    return await result(request)
  } catch (error) {
    throw new StoreError('unavailable', error)
  }
}

/**
 * The keys of a type, from one on: arrays come after texts.
 * @param {string} type
 * @param {string} [from]
 * @param {string} [to]
 */
export function within (type, from, to) {
  return IDBKeyRange.bound(from === undefined ? [type] : [type, from], [type, to === undefined ? [] : to])
}
