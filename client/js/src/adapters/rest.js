// A type's records over plain HTTP, for client databases that keep records in their own
// way: what there is, what moved since, and writes that say what they began with, so that
// the server merges them field by field.

import { FieldstackError } from '../device/error.js'
import { readEvents } from '../device/events.js'

/** @import { Condition } from '../index.js' */

/**
 * A record as the server lists it.
 * @typedef {{ id: string, value: { [field: string]: any }, updated: number }} Listed
 *
 * What moved: the records as they are now, and the ids of those that are gone from the list.
 * reset says that documents is all there is.
 * @typedef {{ documents: Listed[], removed: string[], cursor: string, more: boolean, reset: boolean }} Moved
 *
 * Writes: of modified only the fields that differ, null removes; from is those fields as the
 * writer had them, without it what is there now makes way.
 * @typedef {{
 *   added?: { id: string, value: object }[],
 *   modified?: { id: string, value: object, from?: object }[],
 *   removed?: string[]
 * }} Writes
 *
 * @typedef {{ id: string, document?: Listed, error?: { code: string, message: string, field?: string } }} Written
 *
 * @typedef {{ url: string, token: string, where?: Condition, fetch?: typeof globalThis.fetch }} RestOptions
 */

/** Bounds of one request: records read, records written. */
const readAtOnce = 1000
const writeAtOnce = 500

/** One type of records on a server. */
export class Rest {
  /**
   * @param {string} type
   * @param {RestOptions} options
   */
  constructor (type, { url, token, where, fetch = globalThis.fetch }) {
    this.base = url.replace(/\/$/, '')
    this.type = type
    this.subscribe = JSON.stringify([{ type, ...(where !== undefined && { where }) }])
    /** @type {Record<string, string>} */
    this.where = where === undefined ? {} : { where: JSON.stringify(where) }
    this.token = token
    this.fetch = fetch.bind(globalThis)
  }

  /**
   * What moved since a cursor; '' asks for all there is. Ask again with the cursor given
   * while there is more. Where a cursor is too old or of another list, all comes anew.
   * @param {string} cursor
   * @param {number} [limit]
   * @returns {Promise<Moved>}
   */
  async moved (cursor, limit = readAtOnce) {
    if (!cursor) return this.#all(limit)
    try {
      const page = await this.#ask('GET', `/api/${this.type}?${new URLSearchParams({ cursor, limit: String(limit), ...this.where })}`)
      return { removed: [], more: false, ...page, reset: false }
    } catch (error) {
      if (error instanceof FieldstackError && error.code === 'resync') return this.#all(limit)
      throw error
    }
  }

  /**
   * @param {number} limit
   * @returns {Promise<Moved>}
   */
  async #all (limit) {
    const query = { updatedAfter: '0', limit: String(limit), ...this.where }
    let page = await this.#ask('GET', `/api/${this.type}?${new URLSearchParams(query)}`)
    const { cursor } = page
    const documents = page.documents
    while (page.next) {
      page = await this.#ask('GET', `/api/${this.type}?${new URLSearchParams({ ...query, after: page.next })}`)
      documents.push(...page.documents)
    }
    return { documents, removed: [], cursor, more: true, reset: true }
  }

  /**
   * Writes, and gives what became of each, in the order added, modified, removed. One that
   * is refused does not stop the others.
   * @param {Writes} writes
   * @returns {Promise<Written[]>}
   */
  async write ({ added = [], modified = [], removed = [] }) {
    const all = [
      ...added.map((one) => ({ added: [one] })), ...modified.map((one) => ({ modified: [one] })), ...removed.map((one) => ({ removed: [one] }))
    ]
    const results = []
    for (let i = 0; i < all.length; i += writeAtOnce) {
      /** @type {{ added: object[], modified: object[], removed: string[] }} */
      const body = { added: [], modified: [], removed: [] }
      for (const one of all.slice(i, i + writeAtOnce)) {
        for (const [kind, list] of Object.entries(one)) body[/** @type {'added'} */ (kind)].push(.../** @type {any[]} */ (list))
      }
      const answer = await this.#ask('POST', `/api/${this.type}`, body)
      results.push(...answer.added, ...answer.modified, ...answer.removed)
    }
    return results
  }

  /**
   * Calls told whenever something of the type may have moved on the server, until the
   * returned function is called; also after each break, for what was missed meanwhile.
   * @param {() => void} told
   * @returns {() => void}
   */
  listen (told) {
    const stop = new AbortController()
    this.#follow(told, stop.signal)
    return () => stop.abort()
  }

  /**
   * @param {() => void} told
   * @param {AbortSignal} signal
   */
  async #follow (told, signal) {
    for (let wait = 1000; !signal.aborted; wait = Math.min(2 * wait, 60_000)) {
      try {
        const { cursor } = await this.#ask('GET', `/api/${this.type}?${new URLSearchParams({ updatedAfter: String(Date.now()), limit: '1', ...this.where })}`)
        const answer = await this.#send('GET', `/api/_events?${new URLSearchParams({ cursor, subscribe: this.subscribe })}`, undefined, signal)
        told()
        for await (const { data } of readEvents(answer.body)) {
          wait = 1000
          if (data) told()
        }
      } catch {
        // Whatever broke, the next round begins from the start.
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait / 2 + Math.random() * wait / 2)
        signal.addEventListener('abort', () => { clearTimeout(timer); resolve(undefined) }, { once: true })
      })
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async #ask (method, path, body) {
    return (await this.#send(method, path, body)).json()
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {AbortSignal} [signal]
   */
  async #send (method, path, body, signal) {
    /** @type {Record<string, string>} */
    const headers = { authorization: `Bearer ${this.token}` }
    if (body) headers['content-type'] = 'application/json'
    const answer = await this.fetch(this.base + path, { method, headers, body: body && JSON.stringify(body), signal })
    if (answer.ok) return answer
    const { error } = await answer.json().catch(() => ({}))
    throw new FieldstackError(error?.code ?? 'offline', error?.message ?? `The server answered ${answer.status}.`, error)
  }
}
