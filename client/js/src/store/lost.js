// How it is told that the browser took the store away: IndexedDB and localStorage are not
// always removed together, and what says that there was a store lies in the other.

import { databaseName } from './idb.js'

/** @typedef {Pick<globalThis.Storage, 'getItem'|'setItem'|'removeItem'>} Marks */

/**
 * Where the marks are; undefined in a worker and where the page may keep nothing.
 * @returns {Marks|undefined}
 */
function pageMarks () {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

/** The mark of a store. What it does never fails: without it, a loss is only not seen. */
export class Mark {
  #marks
  #key

  /**
   * @param {string} name
   * @param {Marks} [marks] in place of the page's own
   */
  constructor (name, marks = pageMarks()) {
    this.#marks = marks
    this.#key = databaseName(name)
  }

  /** Whether there was a store by this name. */
  there () {
    return quietly(() => this.#marks?.getItem(this.#key)) != null
  }

  set () { quietly(() => this.#marks?.setItem(this.#key, '1')) }

  remove () { quietly(() => this.#marks?.removeItem(this.#key)) }
}

/**
 * @template T
 * @param {() => T} fn
 */
function quietly (fn) {
  try {
    return fn()
  } catch {
    return undefined
  }
}

/**
 * Asks the browser not to remove what the page keeps when room gets short. Firefox asks
 * the person, so call it when they do something.
 * @returns {Promise<boolean|null>} null: it does not say
 */
export async function persist () {
  try {
    const storage = navigator.storage
    return await storage.persisted() || await storage.persist()
  } catch {
    return null
  }
}
