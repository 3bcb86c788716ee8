// What the server is called, as its owner set it: the manifest of the app says so. The
// device keeps the name, for days without a signal.

import { t } from '../words/words.js'

const place = 'fieldstack.server'
/** @type {Set<() => void>} */
const listeners = new Set()

/**
 * The name of the server, as last heard; the app's own where it has none.
 * @param {Storage} [storage]
 * @returns {string}
 */
export function serverName (storage = globalThis.localStorage) {
  try {
    return storage.getItem(place) || t('appName')
  } catch {
    return t('appName') // a browser that keeps nothing
  }
}

/**
 * Calls fn whenever the server is called something else.
 * @param {() => void} fn
 * @returns {() => void} ends that
 */
export function onServerName (fn) {
  listeners.add(fn)
  return () => listeners.delete(fn)
}

/**
 * Asks the server for its name, now and whenever there is a network again.
 * @param {() => Promise<unknown>} [ask] gives the manifest
 */
export function hearServerName (ask = manifest) {
  const hear = async () => {
    const { name } = /** @type {{name?: string}} */ (await ask())
    if (!name || name === serverName()) return
    localStorage.setItem(place, name)
    for (const fn of listeners) fn()
  }
  const again = () => hear().catch(() => {}) // without a signal it is what it last was
  addEventListener('online', again)
  again()
}

/** The manifest, not as the browser has kept it. */
const manifest = async () => (await fetch('/app/manifest.webmanifest', { cache: 'no-cache' })).json()
