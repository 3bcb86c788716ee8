// The tabs of one browser on one store: they hear of each other's commits, and one leads.

import { databaseName } from './idb.js'

/**
 * @typedef {object} World what the browser has for tabs; a test gives its own
 * @property {typeof BroadcastChannel} [BroadcastChannel] undefined: there is only one tab
 * @property {Pick<LockManager, 'request'>} [locks] undefined: this tab leads
 */

/** This tab among the others. */
export class Tabs {
  #name
  #locks
  /** @type {BroadcastChannel|undefined} */
  #channel
  /** @type {(() => void)[]} */
  #ends = []
  #closed = false

  /**
   * @param {string} name of the store
   * @param {World} world
   * @param {(message: any) => void} hear gets what another tab tells
   */
  constructor (name, world, hear) {
    this.#name = databaseName(name)
    this.#locks = world.locks
    if (!world.BroadcastChannel) return
    this.#channel = new world.BroadcastChannel(this.#name)
    this.#channel.onmessage = event => { if (!this.#closed) hear(event.data) }
  }

  /** @param {unknown} message plain data, to all other tabs */
  tell (message) { this.#channel?.postMessage(message) }

  /**
   * Calls fn once when this tab leads: no other does, until this one is closed or dies.
   * @param {() => void} fn
   */
  lead (fn) {
    if (!this.#locks) return fn()
    const waiting = new AbortController()
    this.#ends.push(() => waiting.abort())
    this.#locks.request(this.#name, { signal: waiting.signal }, () => new Promise(resolve => {
      if (this.#closed) return resolve(undefined)
      this.#ends.push(() => resolve(undefined))
      fn()
    })).catch(() => {}) // closed before it led
  }

  close () {
    this.#closed = true
    for (const end of this.#ends) end()
    this.#channel?.close()
  }
}
