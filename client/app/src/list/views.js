// Saved views: what somebody often looks for in a list, under a name, on this device.

import { useEffect, useState } from 'preact/hooks'

/** @typedef {{name: string, query: string}} View */

const place = 'fieldstack.views'

/**
 * @param {Storage} storage
 * @returns {{[type: string]: View[]}}
 */
function read (storage) {
  try {
    const all = JSON.parse(storage.getItem(place) ?? '{}')
    return all && typeof all === 'object' ? all : {}
  } catch {
    return {}
  }
}

/**
 * The views of a type.
 * @param {string} type
 * @param {Storage} [storage]
 * @returns {View[]}
 */
export function viewsOf (type, storage = localStorage) {
  const views = read(storage)[type]
  return Array.isArray(views) ? views.filter((v) => typeof v?.name === 'string' && typeof v.query === 'string') : []
}

/**
 * Keeps a view, in place of one of the same name.
 * @param {string} type
 * @param {View} view
 * @param {Storage} [storage]
 */
export function saveView (type, view, storage = localStorage) {
  write(type, [...viewsOf(type, storage).filter((v) => v.name !== view.name), view], storage)
}

/**
 * @param {string} type
 * @param {string} name
 * @param {Storage} [storage]
 */
export function removeView (type, name, storage = localStorage) {
  write(type, viewsOf(type, storage).filter((v) => v.name !== name), storage)
}

/**
 * @param {string} type
 * @param {View[]} views
 * @param {Storage} storage
 */
function write (type, views, storage) {
  storage.setItem(place, JSON.stringify({ ...read(storage), [type]: views }))
  globalThis.dispatchEvent?.(new Event('views'))
}

/**
 * The views of a type, as a component sees them; a view saved in another tab is seen too.
 * @param {string} type
 */
export function useViews (type) {
  const [views, set] = useState(() => viewsOf(type))
  useEffect(() => {
    const again = () => set(viewsOf(type))
    again()
    for (const name of ['views', 'storage']) addEventListener(name, again)
    return () => ['views', 'storage'].forEach((name) => removeEventListener(name, again))
  }, [type])
  return views
}
