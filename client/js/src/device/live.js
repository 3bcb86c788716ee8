// Results that stay current while somebody is subscribed to them.

/** @import { Row } from '../store/row.js' */
/** @import { Store } from '../store/store.js' */

import { join, tell } from '../store/tell.js'

/**
 * A result that stays current while somebody is subscribed to it: making one and throwing it
 * away costs nothing. Once nobody is, it stays as it was.
 * @template T
 * @typedef {object} Live
 * @property {T | undefined} value undefined until it is known; another only when something in it moved
 * @property {unknown} error why it is not known
 * @property {(fn: () => void) => () => void} subscribe calls fn after each move; gives what ends it
 * @property {() => void} close all subscribers go
 */

/**
 * Another view of a result; what is unchanged keeps its identity.
 * @template A, B
 * @param {{ value: A | undefined, error: unknown, subscribe: (fn: () => void) => () => void, close: () => void }} inner
 * @param {(value: A) => B} map
 * @returns {Live<B>}
 */
export function mapped (inner, map) {
  /** @type {A | undefined} */
  let from
  /** @type {B | undefined} */
  let to
  return {
    get value () {
      if (inner.value !== from) {
        from = inner.value
        to = from && map(from)
      }
      return to
    },
    get error () { return inner.error },
    subscribe: fn => inner.subscribe(() => fn()),
    close: () => inner.close()
  }
}

/**
 * Calls fn when a document may have moved.
 * @param {Store} store
 * @param {string} type
 * @param {string} id
 * @param {() => void} fn
 */
export const onMoved = (store, type, id, fn) => store.onChange((keys, all) => {
  if (all || keys.some(key => key[0] === type && key[1] === id)) fn()
})

/**
 * One row.
 * @implements {Live<Row>}
 */
export class LiveRow {
  #store
  #type
  #id
  /** @type {Set<() => void>} */
  #subscribers = new Set()
  #stop = () => {}
  /** @type {Row | undefined} */
  value
  /** @type {unknown} */
  error

  /**
   * @param {Store} store
   * @param {string} type
   * @param {string} id
   */
  constructor (store, type, id) {
    this.#store = store
    this.#type = type
    this.#id = id
  }

  /** @param {() => void} fn */
  subscribe (fn) {
    if (!this.#subscribers.size) {
      this.#stop = onMoved(this.#store, this.#type, this.#id, () => this.#look())
      this.#look()
    }
    const leave = join(this.#subscribers, () => fn())
    return () => {
      leave()
      if (!this.#subscribers.size) this.#stop()
    }
  }

  close () {
    this.#subscribers.clear()
    this.#stop()
  }

  async #look () {
    let row, error
    try {
      row = (await this.#store.table(this.#type)).get(this.#id)
    } catch (reason) {
      error = reason
    }
    if (!this.#subscribers.size || (row && row === this.value)) return
    this.value = row
    this.error = error
    tell(this.#subscribers)
  }
}
