// What can be done within one transaction.

import { result, within } from './idb.js'
import { cutPages, decodePage, encodePage, placeOf } from './page.js'
import { Wrote } from './wrote.js'

/** @import { Rec } from './page.js' */

/**
 * A change that no server has acknowledged.
 * @typedef {object} Pending
 * @property {number} n its number; no two have the same
 * @property {string} type
 * @property {string} doc
 * @property {Record<string, any>} change as it goes over the wire
 * @property {string} [since] the cursor it was made at
 */

/**
 * What a server did not take: DEVICE's own members, with `id` given by the store.
 * @typedef {{id?: number, [member: string]: any}} Refused
 */

/**
 * Documents by type: what a commit touched.
 * @typedef {Map<string, Set<string>>} Moved
 */

/** How many pages are read at once when all are. */
const chunk = 64

/**
 * One transaction. Await nothing in it but its own methods. Documents, given or taken, are
 * shared with the tables from then on: nobody may change them.
 */
export class Tx {
  #idb
  /** @type {Moved} */
  moved = new Map()
  /** What was done, by type. @type {Map<string, Wrote>} */
  written = new Map()
  /** Everything may have moved. */
  cleared = false
  /** A type came. */
  learned = false
  /** Changes of pages, one after the other: each reads a page and writes it. */
  #last = Promise.resolve()

  /** @param {IDBTransaction} idb */
  constructor (idb) { this.#idb = idb }

  /** @param {string} name */
  #store (name) { return this.#idb.objectStore(name) }

  /**
   * @param {string} type
   * @param {string} id
   */
  #touch (type, id) {
    const ids = this.moved.get(type)
    if (ids) ids.add(id)
    else this.moved.set(type, new Set([id]))
  }

  /** @param {string} type */
  #wrote (type) {
    const had = this.written.get(type) ?? new Wrote()
    this.written.set(type, had)
    return had
  }

  /** @param {() => void|Promise<void>} fn */
  #inTurn (fn) {
    this.#last = this.#last.then(fn)
    this.#last.catch(() => {}) // told to who awaits it, or by the end of the transaction
    return this.#last
  }

  /** Resolves when what was begun is done. */
  settled () { return this.#last }

  // Documents.

  /**
   * The confirmed document, undefined where there is none.
   * @param {string} type
   * @param {string} id
   * @returns {Promise<Rec|undefined>}
   */
  async document (type, id) { return (await this.documents(type, [id])).get(id) }

  /**
   * Many at once, much quicker than one by one. Those that are not there are left out.
   * @param {string} type
   * @param {Iterable<string>} ids
   * @returns {Promise<Map<string, Rec>>}
   */
  async documents (type, ids) {
    /** @type {Map<string, Rec>} */
    const found = new Map()
    for (const { recs, ids: wanted } of await this.#pages(type, ids)) {
      for (const id of wanted) {
        const rec = recs[placeOf(recs, id)]
        if (rec?.id === id) found.set(id, rec)
      }
    }
    return found
  }

  /**
   * Calls fn for every confirmed document, of one type or of all, by type and id. fn must
   * not wait.
   * @param {string|undefined} type
   * @param {(rec: Rec, type: string) => void} fn
   */
  async eachDocument (type, fn) {
    const pages = this.#store('pages')
    const range = type === undefined ? undefined : within(type)
    const keys = /** @type {[string, string][]} */ (await result(pages.getAllKeys(range)))
    const reads = []
    for (let i = 0; i < keys.length; i += chunk) {
      const last = Math.min(i + chunk, keys.length) - 1
      reads.push(result(pages.getAll(IDBKeyRange.bound(keys[i], keys[last]))).then(found => {
        found.forEach((page, at) => {
          for (const rec of decodePage(page)) fn(rec, keys[i + at][0])
        })
      }))
    }
    await Promise.all(reads)
  }

  /**
   * Puts documents, many of them much quicker than one by one. Of two with one id the later stays.
   * @param {string} type
   * @param {Iterable<Rec>} recs
   */
  async bulkPut (type, recs) {
    /** @type {Map<string, Rec>} */
    const changes = new Map()
    for (const rec of recs) changes.set(rec.id, rec)
    await this.#change(type, changes)
  }

  /**
   * Takes documents away, as if they had never been here; their pending changes stay.
   * @param {string} type
   * @param {Iterable<string>} ids
   */
  async deleteDocuments (type, ids) {
    /** @type {Map<string, undefined>} */
    const changes = new Map()
    for (const id of ids) changes.set(id, undefined)
    await this.#change(type, changes)
  }

  /**
   * @param {string} type
   * @param {Map<string, Rec|undefined>} changes undefined takes the document away
   */
  #change (type, changes) {
    return this.#inTurn(() => this.#changePages(type, changes))
  }

  /**
   * @param {string} type
   * @param {Map<string, Rec|undefined>} changes
   */
  async #changePages (type, changes) {
    const { recs: written } = this.#wrote(type)
    for (const { key, recs, ids } of await this.#pages(type, changes.keys())) {
      this.#write(type, key, mix(recs, ids.map(id => ({ id, rec: changes.get(id) }))))
      for (const id of ids) {
        this.#touch(type, id)
        written.set(id, changes.get(id))
      }
    }
  }

  /**
   * Writes what a page holds now, as one page or as several.
   * @param {string} type
   * @param {string} key
   * @param {Rec[]} recs
   */
  #write (type, key, recs) {
    const pages = this.#store('pages')
    if (recs.length === 0) return void pages.delete([type, key])
    cutPages(recs).forEach((part, i) => {
      pages.put(encodePage(part), [type, i === 0 ? key : part[0].id])
    })
  }

  /**
   * The pages that ids are in, or would be, each with its ids in order.
   * @param {string} type
   * @param {Iterable<string>} ids
   * @returns {Promise<{key: string, recs: Rec[], ids: string[]}[]>}
   */
  async #pages (type, ids) {
    const sorted = [...ids].sort()
    const pages = this.#store('pages')
    if (sorted.length === 1) { // the common case, for which the keys of all pages are not read
      const cursor = await result(pages.openCursor(within(type, '', sorted[0]), 'prev'))
      return [cursor
        ? { key: /** @type {string[]} */ (cursor.key)[1], recs: decodePage(cursor.value), ids: sorted }
        : { key: '', recs: [], ids: sorted }]
    }
    const keys = /** @type {[string, string][]} */ (await result(pages.getAllKeys(within(type)))).map(key => key[1])
    if (keys[0] !== '') keys.unshift('')
    /** @type {{key: string, ids: string[]}[]} */
    const groups = []
    let at = 0
    for (const id of sorted) {
      while (at + 1 < keys.length && keys[at + 1] <= id) at++
      if (groups.at(-1)?.key === keys[at]) groups[groups.length - 1].ids.push(id)
      else groups.push({ key: keys[at], ids: [id] })
    }
    return Promise.all(groups.map(async group => {
      const page = await result(pages.get([type, group.key]))
      return { ...group, recs: page ? decodePage(page) : [] }
    }))
  }

  // Pending changes.

  /**
   * The pending changes by n: of a document, of a type, or all.
   * @param {string} [type]
   * @param {string} [id]
   * @returns {Promise<Pending[]>}
   */
  async pendingOf (type, id) {
    const pending = this.#store('pending')
    if (type === undefined) return result(pending.getAll())
    const range = id === undefined ? within(type) : IDBKeyRange.only([type, id])
    const found = /** @type {Pending[]} */ (await result(pending.index('doc').getAll(range)))
    return found.sort((a, b) => a.n - b.n)
  }

  /**
   * Adds a pending change; the transaction fails if its n is taken.
   * @param {Pending} p
   */
  async addPending (p) {
    this.#touch(p.type, p.doc)
    this.#wrote(p.type).add(p.doc, p.change)
    await result(this.#store('pending').add(p))
  }

  /**
   * Adds a pending change or replaces the one with its n.
   * @param {Pending} p
   */
  async putPending (p) {
    await this.#touchPending(p.n)
    this.#spoil(p)
    this.#store('pending').put(p)
  }

  /** @param {number} n */
  async deletePending (n) {
    await this.#touchPending(n)
    this.#store('pending').delete(n)
  }

  /** @param {number} n */
  async #touchPending (n) {
    const had = /** @type {Pending|undefined} */ (await result(this.#store('pending').get(n)))
    if (had) this.#spoil(had)
  }

  /** Of what is pending of a document more than the end is another. @param {Pending} p */
  #spoil ({ type, doc }) {
    this.#touch(type, doc)
    this.#wrote(type).spoil(doc)
  }

  // Refused changes.

  /**
   * Keeps what a server did not take; gives its id.
   * @param {Refused} refused
   * @returns {Promise<number>}
   */
  async refuse (refused) { return /** @type {number} */ (await result(this.#store('refused').add(refused))) }

  /** @returns {Promise<(Refused & {id: number})[]>} in the order they came */
  refused () { return result(this.#store('refused').getAll()) }

  /** @param {number} id */
  async dismiss (id) { this.#store('refused').delete(id) }

  /** How many changes are pending, and how many were refused. */
  async counts () {
    const [pending, refused] = await Promise.all(['pending', 'refused'].map(name => result(this.#store(name).count())))
    return { pending, refused }
  }

  // The rest.

  /**
   * One small thing; undefined where it was never set.
   * @param {string} key
   * @returns {Promise<any>}
   */
  state (key) { return result(this.#store('state').get(key)) }

  /**
   * @param {string} key
   * @param {unknown} value plain data; undefined takes it away
   */
  async setState (key, value) {
    if (value === undefined) this.#store('state').delete(key)
    else this.#store('state').put(value, key)
  }

  /** @returns {Promise<{name: string, [member: string]: any}[]>} by name */
  types () { return result(this.#store('types').getAll()) }

  /**
   * @param {string} name
   * @returns {Promise<{name: string, [member: string]: any}|undefined>}
   */
  type (name) { return result(this.#store('types').get(name)) }

  /** @param {{name: string, [member: string]: any}} type takes the place of the one it had by that name */
  async putType (type) {
    this.learned = true
    this.#store('types').put(type)
  }

  /** Takes away all but the state: types, documents, pending and refused changes. */
  async clear () {
    await this.#inTurn(() => {
      this.cleared = true
      for (const name of ['types', 'pages', 'pending', 'refused']) this.#store(name).clear()
    })
  }
}

/**
 * Documents with some of them replaced, added or taken away.
 * @param {Rec[]} recs by id
 * @param {{id: string, rec: Rec|undefined}[]} changes by id
 * @returns {Rec[]}
 */
function mix (recs, changes) {
  /** @type {Rec[]} */
  const mixed = []
  let at = 0
  for (const { id, rec } of changes) {
    while (at < recs.length && recs[at].id < id) mixed.push(recs[at++])
    if (recs[at]?.id === id) at++
    if (rec) mixed.push(rec)
  }
  while (at < recs.length) mixed.push(recs[at++])
  return mixed
}
