// React: a query, a document and the state of the device as values that render anew when
// they move. A live query loads when a component that shows it is mounted and stops when the
// last one is gone, so there is nothing to clean up.

import { useCallback, useMemo, useSyncExternalStore } from 'react'

/** @import { Collection, Condition, Database, Document, FindOptions, Live, Status, Type } from '../index.js' */

/**
 * The documents that fit a condition, and again whenever one of them moves, on this device
 * or on another. Documents that did not move keep their identity, so a memoised row is not
 * rendered again. Undefined until they are there. An error (a condition that does not fit
 * the type) is thrown while rendering, for the nearest error boundary.
 * @param {Collection} collection
 * @param {Condition} [condition] plain JSON; an equal one made anew at each render is the same query
 * @param {FindOptions} [options]
 * @returns {Document[] | undefined}
 */
export function useFind (collection, condition, options) {
  const asked = JSON.stringify([condition, options])
  // eslint-disable-next-line react-hooks/exhaustive-deps -- equal JSON is the same query
  return useLive(useMemo(() => collection.live(condition, options), [collection, asked]))
}

/**
 * One document, and again whenever it moves. Undefined until it is there, and where there
 * is none.
 * @param {Collection} collection
 * @param {string} id
 * @returns {Document | undefined}
 */
export function useDocument (collection, id) {
  return useLive(useMemo(() => collection.liveDocument(id), [collection, id]))
}

/**
 * What to show a person about the device: online, pending, refused, last sync.
 * @param {Database} db
 * @returns {Status}
 */
export function useStatus (db) {
  const subscribe = useCallback((/** @type {() => void} */ told) => db.onStatus(told), [db])
  return useSyncExternalStore(subscribe, () => db.status, () => db.status)
}

/**
 * The types on the device.
 * @param {Database} db
 * @returns {readonly Type[]}
 */
export function useTypes (db) {
  const subscribe = useCallback((/** @type {() => void} */ told) => db.onTypes(told), [db])
  return useSyncExternalStore(subscribe, () => db.types, () => db.types)
}

/**
 * @template T
 * @param {Live<T>} live
 * @returns {T | undefined}
 */
function useLive (live) {
  const subscribe = useCallback((/** @type {() => void} */ told) => live.subscribe(told), [live])
  const now = () => live.error ?? live.value
  const shown = useSyncExternalStore(subscribe, now, now)
  if (live.error) throw live.error
  return /** @type {T | undefined} */ (shown)
}
