// Views that are kept on the server: shared ones, and one's own. The device keeps them as
// they last were, for when there is no signal, and for who is signed in alone.

import { useEffect, useState } from 'preact/hooks'
import { useDatabase } from '../app/hooks.js'

/**
 * @typedef {import('../../../js/src/device/collection.js').View} View
 * @typedef {import('../app/types.js').Condition} Condition
 */

const place = 'fieldstack.shared'

/**
 * The views of a type as they last were.
 * @param {string} who account that is signed in
 * @param {string} type
 * @param {Storage} [storage]
 * @returns {View[]}
 */
export function keptViews (who, type, storage = localStorage) {
  try {
    const kept = JSON.parse(storage.getItem(place) ?? '{}')
    const views = kept?.who === who ? kept.types?.[type] : undefined
    return Array.isArray(views) ? views.filter((v) => typeof v?.id === 'string' && typeof v.name === 'string') : []
  } catch {
    return []
  }
}

/**
 * Keeps them; what was kept for somebody else goes.
 * @param {string} who
 * @param {string} type
 * @param {View[]} views
 * @param {Storage} [storage]
 */
export function keepViews (who, type, views, storage = localStorage) {
  let types = {}
  try {
    const kept = JSON.parse(storage.getItem(place) ?? '{}')
    if (kept?.who === who) types = kept.types
  } catch { /* what is broken is as if it were not there */ }
  storage.setItem(place, JSON.stringify({ who, types: { ...types, [type]: views } }))
}

/**
 * The server's views of a type that a list can show, asked for anew when a list is opened.
 * @param {string} type
 */
export function useShared (type) {
  const db = useDatabase()
  const who = db.who?.name ?? ''
  const [views, set] = useState(() => keptViews(who, type))
  useEffect(() => {
    let left = false
    set(keptViews(who, type))
    db.collection(type).views().then((come) => {
      keepViews(who, type, come)
      if (!left) set(come)
    }, () => {}) // without a signal they are as they last were
    return () => { left = true }
  }, [db, who, type])
  return views.filter((v) => v.state !== 'attention')
}

/**
 * What a query asks for together with the view that it names.
 * @param {import('./query.js').Query} query
 * @param {Condition | undefined} condition of the query's own filters
 * @param {View | undefined} view
 * @returns {{condition: Condition | undefined, search: string, sort: string, trash: boolean}}
 */
export function together (query, condition, view) {
  const both = [view?.where, condition].filter((c) => c !== undefined)
  const first = view?.sort?.[0]
  const viewSort = first?.path.length === 1 ? (first.desc ? '-' : '') + first.path[0] : ''
  return {
    condition: both.length > 1 ? { all: both } : both[0],
    search: [view?.search, query.search].filter(Boolean).join(' ').trim(),
    sort: query.sort || viewSort,
    trash: query.trash || view?.state === 'trash'
  }
}
