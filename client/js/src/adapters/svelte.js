// Svelte 5: a query, a document and the state of the device as reactive values. They load
// when a component or an effect first reads them and stop when the last is gone.

import { createSubscriber } from 'svelte/reactivity'

/** @import { Collection, Condition, Database, Document, FindOptions, Live, Status, Type } from '../index.js' */

/**
 * A value that whatever reads it in a component follows.
 * @template T
 * @typedef {{ readonly current: T }} Reactive
 */

/**
 * The documents that fit a condition; undefined until they are there. To ask another
 * question make another one: `const open = $derived(find(orders, { field: 'status', is: status }))`.
 * Reading throws the error of a condition that does not fit the type.
 * @param {Collection} collection
 * @param {Condition} [condition]
 * @param {FindOptions} [options]
 * @returns {Reactive<Document[] | undefined>}
 */
export function find (collection, condition, options) {
  return reactive(collection.live(condition, options))
}

/**
 * One document; undefined until it is there, and where there is none.
 * @param {Collection} collection
 * @param {string} id
 * @returns {Reactive<Document | undefined>}
 */
export function document (collection, id) {
  return reactive(collection.liveDocument(id))
}

/**
 * What to show a person about the device: online, pending, refused, last sync.
 * @param {Database} db
 * @returns {Reactive<Status>}
 */
export function status (db) {
  const follow = createSubscriber((update) => db.onStatus(update))
  return { get current () { follow(); return db.status } }
}

/**
 * The types on the device.
 * @param {Database} db
 * @returns {Reactive<readonly Type[]>}
 */
export function types (db) {
  const follow = createSubscriber((update) => db.onTypes(update))
  return { get current () { follow(); return db.types } }
}

/**
 * @template T
 * @param {Live<T>} live
 * @returns {Reactive<T | undefined>}
 */
function reactive (live) {
  const follow = createSubscriber((update) => live.subscribe(update))
  return {
    get current () {
      follow()
      if (live.error) throw live.error
      return live.value
    }
  }
}
