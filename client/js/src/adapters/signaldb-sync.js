// SignalDB's SyncManager over plain HTTP: pull, push and registerRemoteChange for it. It
// holds every record in memory several times over, so this is for some thousands of records;
// signaldb.js is for more.
//
// What the SyncManager asks and does not say everywhere: its times are this machine's clock,
// so what was seen is kept here by the server's cursor; the second pull of a round must have
// what was pushed; a list of items is taken for all there is; what push throws on is pushed
// again for ever, so a refused write is told and not thrown.

import { modify } from '@signaldb/core'
import { difference, valueOf } from './difference.js'
import { Rest } from './rest.js'

export { newId } from '../index.js'

/** @import { Changeset, LoadResponse } from '@signaldb/core' */
/** @import { Condition } from '../index.js' */
/** @import { Written } from './rest.js' */

/**
 * @typedef {{ id: string } & { [field: string]: any }} Item
 * @typedef {{ name: string, type?: string, where?: Condition }} SyncedCollection type where it is not the name
 * @typedef {{ type: 'insert' | 'update' | 'remove', data: any }} RawChange
 */

/**
 * Options for `new SyncManager({ ...fieldstackSync({ url, token }), … })`. A collection is
 * added under the name of its type, or with one: `addCollection(orders, { name: 'work-order' })`;
 * its `primaryKeyGenerator` must make UUIDs: newId.
 * @param {{
 *   url: string, token: string, fetch?: typeof globalThis.fetch,
 *   onRefused?: (refused: Written, collection: SyncedCollection) => void
 * }} options
 */
export function fieldstackSync ({ onRefused = () => {}, ...server }) {
  /** @type {Map<string, Synced>} */
  const all = new Map()
  /** @param {SyncedCollection} collection */
  const of = (collection) => {
    const known = all.get(collection.name) ?? new Synced(new Rest(collection.type ?? collection.name, { ...server, where: collection.where }))
    all.set(collection.name, known)
    return known
  }
  return {
    /** @param {SyncedCollection} collection */
    pull: (collection) => of(collection).pull(),
    /**
     * @param {SyncedCollection} collection
     * @param {{ changes: Changeset<any> & { modifiedFields: Map<any, string[]> }, rawChanges: any[] }} what
     */
    push: async (collection, { changes, rawChanges }) => {
      for (const refused of await of(collection).push(changes, rawChanges)) onRefused(refused, collection)
    },
    /**
     * @param {SyncedCollection} collection
     * @param {(data?: LoadResponse<any>) => Promise<void>} onChange
     */
    registerRemoteChange: async (collection, onChange) => of(collection).rest.listen(() => { onChange().catch(() => {}) })
  }
}

/** What is known of one collection. */
class Synced {
  /** @type {Map<string, Item>} */
  #seen = new Map()
  /** What the last pull wrote over: what somebody saw who edited before it. @type {Map<string, Item | undefined>} */
  #before = new Map()
  #cursor = ''

  /** @param {Rest} rest */
  constructor (rest) {
    this.rest = rest
  }

  /** @returns {Promise<{ items: Item[] }>} */
  async pull () {
    this.#before = new Map()
    for (let more = true; more;) {
      const moved = await this.rest.moved(this.#cursor)
      const kept = new Set(moved.documents.map((d) => d.id))
      const gone = moved.reset ? [...this.#seen.keys()].filter((id) => !kept.has(id)) : moved.removed
      for (const { id, value } of moved.documents) this.#put(id, { ...value, id })
      for (const id of gone) this.#put(id, undefined)
      this.#cursor = moved.cursor
      more = moved.more
    }
    return { items: [...this.#seen.values()] }
  }

  /**
   * @param {string} id
   * @param {Item | undefined} item
   */
  #put (id, item) {
    if (!this.#before.has(id)) this.#before.set(id, this.#seen.get(id))
    if (item) this.#seen.set(id, item)
    else this.#seen.delete(id)
  }

  /**
   * Writes what was done here, and gives what was refused.
   * @param {Changeset<Item>} changes
   * @param {RawChange[]} raw
   * @returns {Promise<Written[]>}
   */
  async push ({ added, modified, removed }, raw) {
    const results = await this.rest.write({
      added: added.map((item) => ({ id: item.id, value: valueOf(item) })),
      modified: modified.map((item) => this.#modified(item, raw)).filter(({ value }) => Object.keys(value).length),
      removed: removed.map((item) => item.id)
    })
    return results.filter(({ error }) => error && error.code !== 'not_found')
  }

  /**
   * What was done to one item, told from what its author saw. SignalDB gives the item with
   * what was done replayed on what came since, which would write over a text or an amount
   * that both have changed.
   * @param {Item} item
   * @param {RawChange[]} raw
   */
  #modified (item, raw) {
    const seen = this.#before.get(item.id) ?? this.#seen.get(item.id)
    if (!seen) return { id: item.id, value: valueOf(item) }
    let mine = seen
    for (const { type, data } of raw) {
      if (type === 'update' && data.id === item.id) mine = /** @type {Item} */ (modify(mine, data.modifier))
    }
    const { fields, from } = difference(seen, mine)
    return { id: item.id, value: fields, from }
  }
}
