// SignalDB, the way that scales: a persistence adapter over a collection of this device. The
// device keeps the records, works offline and syncs; SignalDB's collection is a view of them
// that writes back what differs, field by field.
//
// What SignalDB asks of an adapter and does not say everywhere: a change that names an item
// it does not have is an error; whole lists are dropped while a save is under way, changes
// are not; load is called twice at the start.

import { difference, valueOf } from './difference.js'

/** @import { Changeset, LoadResponse, PersistenceAdapter } from '@signaldb/core' */
/** @import { Collection, Condition, Document } from '../index.js' */

/** @typedef {{ id: string } & { [field: string]: any }} Item */

/**
 * Keeps a SignalDB collection on this device and level with the server:
 *
 *     const orders = new Collection({
 *       persistence: fieldstackPersistence(db.collection('work-order')),
 *       primaryKeyGenerator: newId
 *     })
 *
 * An item is a record's value with its id. What is refused (a value that breaks the type) is
 * taken back in the SignalDB collection and told to onError, once for each item.
 * @param {Collection} collection
 * @param {{ where?: Condition, onError?: (error: Error, item: Item) => void }} [options]
 * @returns {PersistenceAdapter<any, string>}
 */
export function fieldstackPersistence (collection, { where, onError = () => {} } = {}) {
  return new Persistence(collection, where, onError)
}

/** @implements {PersistenceAdapter<any, string>} */
class Persistence {
  /** What SignalDB has. @type {Map<string, Item>} */
  #shown = new Map()
  /** @type {((data?: LoadResponse<any>) => void | Promise<void>) | undefined} */
  #tell
  #saves = 0
  #collection; #live; #onError
  #stop = () => {}

  /**
   * @param {Collection} collection
   * @param {Condition | undefined} where
   * @param {(error: Error, item: Item) => void} onError
   */
  constructor (collection, where, onError) {
    this.#collection = collection
    this.#live = collection.live(where)
    this.#onError = onError
  }

  /** @param {(data?: LoadResponse<any>) => void | Promise<void>} onChange */
  async register (onChange) {
    await new Promise((resolve) => {
      this.#stop = this.#live.subscribe(() => { resolve(undefined); this.#show() })
      if (this.#live.value) resolve(undefined)
    })
    if (this.#live.error) throw this.#live.error
    this.#tell = onChange
  }

  async unregister () {
    this.#tell = undefined
    this.#stop()
  }

  /** @returns {Promise<LoadResponse<any>>} */
  async load () {
    this.#shown = new Map(this.#live.value?.map((d) => [d.id, itemOf(d)]))
    return { items: [...this.#shown.values()] }
  }

  /**
   * Writes what was done to SignalDB's collection. What each item was made of is what
   * SignalDB has now: nothing is shown to it from here until it has nothing more to save.
   * @param {Item[]} _items
   * @param {Changeset<Item>} changes
   */
  async save (_items, { added, modified, removed }) {
    this.#saves++
    const writes = [
      ...added.map((item) => this.#add(item)),
      ...modified.map((item) => this.#modify(item)),
      ...removed.map((item) => this.#remove(item))
    ]
    for (const { item, write } of writes) await write().catch((error) => this.#onError(error, item))
    // SignalDB hands over what was queued meanwhile before this comes round.
    setTimeout(() => { this.#saves--; this.#show() })
  }

  /** @param {Item} item */
  #add (item) {
    this.#shown.set(item.id, item)
    return { item, write: async () => { await this.#collection.insert(valueOf(item), { id: item.id }) } }
  }

  /** @param {Item} item */
  #modify (item) {
    const { fields, from } = difference(this.#shown.get(item.id) ?? { id: item.id }, item)
    this.#shown.set(item.id, item)
    return {
      item,
      write: async () => { if (Object.keys(fields).length) await this.#collection.update(item.id, fields, { from }) }
    }
  }

  /** @param {Item} item */
  #remove (item) {
    this.#shown.delete(item.id)
    return { item, write: () => this.#collection.remove(item.id) }
  }

  /** Tells SignalDB what of the device's documents it does not have, refused writes too. */
  #show () {
    if (!this.#tell || this.#saves || !this.#live.value) return
    /** @type {Changeset<Item>} */
    const changes = { added: [], modified: [], removed: [] }
    const gone = new Map(this.#shown)
    for (const document of this.#live.value) {
      const before = gone.get(document.id)
      gone.delete(document.id)
      const item = itemOf(document)
      if (!before) changes.added.push(item)
      else if (Object.keys(difference(before, item).fields).length) changes.modified.push(item)
      else continue
      this.#shown.set(item.id, item)
    }
    for (const [id, item] of gone) {
      changes.removed.push(item)
      this.#shown.delete(id)
    }
    if (changes.added.length + changes.modified.length + changes.removed.length) this.#tell({ changes })
  }
}

/**
 * @param {Document} document
 * @returns {Item}
 */
const itemOf = (document) => ({ ...document.value, id: document.id })
