// A device: one installed store of one person, which works with no network and merges when
// there is one. Client/doc.go in Go says how it keeps its promises; this mirrors it file by file.

/** @import { Change } from '../crdt/change.js' */
/** @import { Messages } from '../schema/schema.js' */
/** @import { Store } from '../store/store.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Refusal } from './refused.js' */
/** @import { Report } from './sync.js' */
/** @import { Text } from './text.js' */
/** @import { Who } from './session.js' */
/** @import { Seen as SeenDocument } from './view.js' */
/** @import { Subscription, Watch } from './wire.js' */

import { StoreError } from '../store/error.js'
import { join, tell } from '../store/tell.js'
import { Collection } from './collection.js'
import { FieldstackError } from './error.js'
import { keepLevel } from './events.js'
import { exportPending } from './refused.js'
import { newMe, signIn, signOut } from './session.js'
import { sync } from './sync.js'
import { Type } from './types.js'

/**
 * What a device is made of.
 * @typedef {object} Options
 * @property {string} [url] of the server, such as https://work.example.org; absent: the page's own
 * @property {string} [token] session, device or API token; kept on the device once given
 * @property {string} [name] of the store on this device; default: the server's host
 * @property {Subscription[]} [subscribe] what this device wants; absent: all that its person may see
 * @property {string} [label] what its person calls this device, for those who look after devices
 * @property {string} [app] name and version of the program, for the same
 * @property {Messages} [messages] the sentences of the checks in another language
 * @property {boolean} [sync] false: only when sync() is called; else it keeps level by itself
 */

/** @typedef {{ setTimeout (fn: () => void, ms: number): unknown, clearTimeout (timer: unknown): void }} Timers */

/**
 * What only tests give.
 * @typedef {object} World
 * @property {(url: string, init: RequestInit) => Promise<Response>} [fetch]
 * @property {() => number} [now] the device's own clock, right or wrong, ms
 * @property {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array} [random] fills the bytes
 * @property {Timers} [timers]
 * @property {number} [heartbeat] of the server's streams, ms
 * @property {number} [limit] so many documents and changes are asked for at once
 * @property {EventTarget & { document?: EventTarget & { visibilityState?: string } }} [page]
 * @property {IDBFactory} [indexedDB]
 */

/**
 * Who this store is, where it has got to, and what it knows of the server.
 * @typedef {object} Me
 * @property {string} replica
 * @property {number} n of the last change made here
 * @property {string} clock the last time given or seen; '': none
 * @property {number} offset server's clock minus ours, ms
 * @property {string} url
 * @property {string} token '': not signed in
 * @property {string} [owner] the account whose documents these are
 * @property {Who} [who] whom the token belongs to
 * @property {string} cursor '': a whole sync is to begin
 * @property {number} round which whole sync the confirmed documents belong to
 * @property {boolean} [partial] a whole sync has begun and not ended: older rounds go when it ends
 * @property {string} [base] the cursor that documents of older rounds are from
 * @property {boolean} [outdated] unsent changes are to be made anew: see outdated.js
 * @property {string} [note] for Status.note
 * @property {number} [emptied] the server's trash was emptied up to then, ms
 * @property {{ received: number, total?: number }} [progress] of the whole sync under way, in documents
 * @property {number} [last] when a round trip last succeeded, by the device's clock, ms
 * @property {number} typesAt goes up when a type is stored
 * @property {number} at goes up with each write
 */

/** @typedef {{ me: Me, counts: { pending: number, refused: number }, types?: Type[] }} Seen */

/**
 * What to show a person about the device. A new object only when something in it moved.
 * @typedef {object} Status
 * @property {boolean} online the last try reached the server
 * @property {boolean} syncing
 * @property {number} pending changes not yet acknowledged
 * @property {number} refused changes the server would not take, waiting to be looked at
 * @property {boolean} partial the first sync has not finished
 * @property {{ received: number, total?: number } | null} progress of it, in documents
 * @property {Date | null} lastSync by the device's clock
 * @property {string} note a sentence that the person should read, '': none; see dismissNote
 * @property {boolean} signedIn
 * @property {string} [outOfReach] why the server cannot be reached, as a sentence
 * @property {boolean | null} persisted the browser will not throw the store away; null: not known
 * @property {boolean} lost the browser threw away what was here; see open()
 */

/** What is there unless it is given. */
const usual = {
  fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => fetch(url, init),
  now: Date.now,
  random: (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => crypto.getRandomValues(bytes),
  heartbeat: 15_000,
  limit: 5000
}

/** One installed store. Several tabs may each have one on the same name. */
export class Database {
  /** @type {Status} */
  #status
  #reach = { online: false, syncing: false, outOfReach: /** @type {string | undefined} */ (undefined) }
  #counts = { pending: 0, refused: 0 }
  /** @type {Set<(status: Status) => void>} */
  #statusListeners = new Set()
  /** @type {Set<() => void>} */
  #typeListeners = new Set()
  /** @type {Map<string, Collection>} */
  #collections = new Map()
  /** @type {boolean | null} */
  #persisted = null
  #lost = false
  #typesAt = -1
  #leads = false
  #ending = new AbortController()

  /**
   * Use open().
   * @internal
   * @param {Store} store
   * @param {Options & World} options
   */
  constructor (store, options) {
    /** @internal */
    this.store = store
    /** @internal */
    this.options = { ...usual, ...options }
    /** @internal */
    this.timers = /** @type {Timers} */ (options.timers ?? globalThis)
    /** @internal */
    this.me = newMe(this)
    /**
     * What the device has of each type, by name. The same array until one of them moves.
     * @type {Type[]}
     */
    this.types = []
    /** @internal */
    this.closed = false
    /**
     * One round trip at a time.
     * @internal
     * @type {Promise<unknown>}
     */
    this.turn = Promise.resolve()
    /** @internal how much is asked for at once, from 1 down: see sync.js */
    this.part = 1
    /**
     * Documents with pending changes, as of seenAt: see view.js.
     * @internal
     * @type {Map<string, SeenDocument>}
     */
    this.seen = new Map()
    /** @internal */
    this.seenAt = -1
    /**
     * @internal
     * @type {Set<Text>}
     */
    this.texts = new Set()
    /**
     * The live stream, once it has said something.
     * @internal
     * @type {Watch | undefined}
     */
    this.stream = undefined
    /** @internal somebody wanted whoever keeps the device level not to wait */
    this.woken = false
    /**
     * @internal
     * @type {((again?: boolean) => void) | undefined}
     */
    this.onWake = undefined
    this.#status = this.#snapshot()
  }

  /**
   * @internal
   * @param {boolean} lost
   */
  async start (lost) {
    const { url, token } = this.options
    this.#lost = lost
    await this.write(async (_, me) => {
      if (url !== undefined) me.url = url.replace(/\/+$/, '')
      if (token && token !== me.token) Object.assign(me, { token, who: undefined })
    })
    this.store.onChange(() => this.#read())
    this.store.onTell(message => this.#hear(message))
    this.#attend()
    if (this.options.sync === false) return
    this.store.tell({ hello: true })
    this.store.lead(() => {
      this.#leads = true
      keepLevel(this)
    })
  }

  /** A network that comes or goes and a tab that is looked at again wake the device; a tab that goes writes what was typed. */
  #attend () {
    const page = this.options.page ?? globalThis
    const { signal } = this.#ending
    const wake = () => {
      if (page.document?.visibilityState !== 'hidden') this.wake()
    }
    page.addEventListener?.('online', wake, { signal })
    // An open stream would be listened to until it had been silent for long; a try tells at once.
    page.addEventListener?.('offline', () => this.wake(true), { signal })
    page.document?.addEventListener('visibilitychange', wake, { signal })
    page.addEventListener?.('pagehide', () => {
      for (const text of this.texts) text.flush().catch(() => {})
    }, { signal })
  }

  /**
   * Runs fn in one transaction, strictly on disk if that is asked for. Changes it makes to me
   * are written with it.
   * @internal
   * @template T
   * @param {(tx: Tx, me: Me) => Promise<T>} fn
   * @param {{ strict?: boolean }} [options]
   * @returns {Promise<T>}
   */
  async write (fn, options) {
    if (this.closed) throw new FieldstackError('closed', 'The device is closed.')
    /** @type {Seen | undefined} */
    let seen
    try {
      const result = await this.store.write(async tx => {
        const me = /** @type {Me} */ (await tx.state('me')) ?? newMe(this)
        const result = await fn(tx, me)
        me.at++
        if (options?.strict) this.seenAt = me.at // an edit keeps what it made
        await tx.setState('me', me)
        seen = await this.#look(tx, me)
        return result
      }, options)
      this.#saw(/** @type {Seen} */ (seen))
      return result
    } catch (error) {
      this.seenAt = -1
      if (error instanceof StoreError && error.code === 'lost') {
        this.#lost = true
        this.#tellStatus()
      }
      throw error
    }
  }

  /**
   * What is known outside transactions.
   * @param {Tx} tx
   * @param {Me} me
   * @returns {Promise<Seen>}
   */
  async #look (tx, me) {
    const types = me.typesAt === this.#typesAt ? undefined : (await tx.types()).map(wire => new Type(/** @type {any} */ (wire), this.options.messages))
    return { me, types, counts: await tx.counts() }
  }

  /** @param {Seen} seen */
  #saw ({ me, types, counts }) {
    if (me.at < this.me.at) return
    this.me = me
    this.#counts = counts
    if (types && me.typesAt !== this.#typesAt) {
      this.#typesAt = me.typesAt
      this.types = types
      tell(this.#typeListeners)
    }
    this.#tellStatus()
  }

  /** Another tab, or this one, has written. */
  #read () {
    this.store.read(async tx => this.#look(tx, await tx.state('me'))).then(seen => this.#saw(seen)).catch(() => {})
  }

  /** @param {any} message of another tab */
  #hear (message) {
    if (message.reach) this.reach(message.reach, true)
    if (message.hello && this.#leads) this.reach({})
    if (message.wake) this.wake(true)
  }

  /**
   * Notes, and tells the other tabs, whether the server is in reach.
   * @internal
   * @param {Partial<{ online: boolean, syncing: boolean, outOfReach: string | undefined }>} reach
   * @param {boolean} [heard] from another tab
   */
  reach (reach, heard) {
    Object.assign(this.#reach, reach)
    this.#tellStatus()
    if (!heard) this.store.tell({ reach: this.#reach })
  }

  /**
   * Whoever keeps the device level, in this tab or another, does not wait.
   * @internal
   * @param {boolean} [again] it begins anew even if a stream is open
   */
  wake (again) {
    this.woken = true
    this.onWake?.(again)
  }

  /** @returns {Status} */
  #snapshot () {
    const { partial = false, progress = null, last, note = '', token } = this.me
    return {
      ...this.#reach,
      ...this.#counts,
      partial,
      progress: partial ? progress : null,
      lastSync: last ? new Date(last) : null,
      note,
      signedIn: !!token,
      persisted: this.#persisted,
      lost: this.#lost
    }
  }

  #tellStatus () {
    const next = this.#snapshot()
    if (JSON.stringify(next) === JSON.stringify(this.#status)) return
    this.#status = next
    tell(this.#statusListeners, next)
  }

  /** What to show a person about the device. */
  get status () { return this.#status }

  /** Who is signed in, as far as is known; null: nobody. */
  get who () { return this.me.who ?? null }

  /**
   * Calls fn with each new status.
   * @param {(status: Status) => void} fn
   * @returns {() => void} ends it
   */
  onStatus (fn) { return join(this.#statusListeners, fn) }

  /**
   * Calls fn when a type has come or moved.
   * @param {() => void} fn
   * @returns {() => void} ends it
   */
  onTypes (fn) { return join(this.#typeListeners, fn) }

  /**
   * The documents of a type. The type need not be on the device yet.
   * @param {string} name
   */
  collection (name) {
    let found = this.#collections.get(name)
    if (!found) this.#collections.set(name, found = new Collection(this, name))
    return found
  }

  /**
   * Exchanges a sign-in name and password for a session, kept on the device. Somebody else's
   * documents go; error code `pending` if somebody else's work is not sent yet.
   * @param {{ identity: string, password: string }} credentials
   */
  async signIn ({ identity, password }) {
    await signIn(this, { identity, password })
    await this.persist()
  }

  /**
   * Exchanges a one-time enrolment code for a device token, as signIn does.
   * @param {string} code
   * @param {string} [label] what the device is called among the account's tokens
   */
  async enrol (code, label) {
    await signIn(this, { code, label })
    await this.persist()
  }

  /**
   * Ends the session and takes all documents off the device. Error code `pending` while work
   * is not sent, unless it is to be lost.
   * @param {{ force?: boolean }} [options]
   */
  signOut ({ force = false } = {}) { return signOut(this, force) }

  /**
   * Pushes what is pending and pulls what is new until both sides are level. After an error
   * everything up to the last answer is kept, and what was sent and not answered is sent again.
   * @returns {Promise<Report>}
   */
  sync () { return sync(this) }

  /**
   * The changes that the server has not acknowledged, in order.
   * @returns {Promise<Change[]>}
   */
  pending () { return this.store.read(async tx => (await tx.pendingOf()).map(p => /** @type {Change} */ (p.change))) }

  /**
   * What could not be sent, oldest first.
   * @returns {Promise<Refusal[]>}
   */
  refused () { return this.store.read(async tx => /** @type {Refusal[]} */ (await tx.refused())) }

  /**
   * Forgets a refusal that the person has dealt with.
   * @param {number} id
   */
  dismiss (id) { return this.write(tx => tx.dismiss(id)) }

  /** Forgets the note once the person has read it. */
  dismissNote () { return this.write(async (_, me) => { me.note = '' }) }

  /**
   * A rescue file: a line of JSON for each pending and each refused change, for a person to
   * keep when a device is about to be wiped.
   */
  exportPending () { return exportPending(this) }

  /** Asks the browser not to throw the store away. Firefox asks the person. */
  async persist () {
    this.#persisted = await this.store.persist()
    this.#tellStatus()
  }

  /** Ends all that goes on. Pending changes stay on the device. */
  async close () {
    if (this.closed) return
    await Promise.all([...this.texts].map(text => text.close()))
    this.closed = true
    this.#ending.abort()
    this.wake(true)
    await this.store.close()
  }
}
