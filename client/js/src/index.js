// fieldstack in the browser: see README.md beside this folder for how it is used.

/** @import { Options, World } from './device/device.js' */

import { makeId } from './device/collection.js'
import { Database as Device } from './device/device.js'
import { viewer } from './device/view.js'
import { Store } from './store/store.js'

export { FieldstackError } from './device/error.js'

/** @typedef {import('./device/collection.js').Collection} Collection */
/** @typedef {import('./device/collection.js').Condition} Condition */
/** @typedef {import('./device/collection.js').Entry} Entry */
/** @typedef {import('./device/collection.js').Fields} Fields */
/** @typedef {import('./device/collection.js').FindOptions} FindOptions */
/** @typedef {import('./device/device.js').Database} Database */
/** @typedef {import('./device/device.js').Status} Status */
/** @typedef {import('./device/record.js').Document} Document */
/** @typedef {import('./device/refused.js').Refusal} Refusal */
/** @typedef {import('./device/sync.js').Report} Report */
/** @typedef {import('./device/text.js').Text} Text */
/** @typedef {import('./device/types.js').Type} Type */
/** @typedef {import('./schema/schema.js').Problem} Problem */
/** @typedef {import('./crdt/editor.js').Editor} Editor */
/**
 * @template T
 * @typedef {import('./device/live.js').Live<T>} Live
 */

/**
 * Opens the store on this device, or makes it: a new store is a new replica. Works with no
 * network. Where the browser has thrown away what was here, `status.lost` says so.
 * @param {Options & World} [options]
 * @returns {Promise<Database>}
 */
export async function open (options = {}) {
  const name = options.name ?? host(options.url)
  const store = await Store.open(name, options)
  const db = new Device(store, options)
  store.viewer = viewer(db)
  await db.start(store.lost)
  return db
}

/** A new id for a record: a UUIDv7. */
export const newId = () => makeId(Date.now(), crypto.getRandomValues(new Uint8Array(10)))

/** @param {string} [url] */
function host (url) {
  const base = globalThis.location?.href
  return url || base ? new URL(url ?? '', base).host : 'main'
}
