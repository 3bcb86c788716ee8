// What goes over the network: the forms of requests and answers, and sending them.

/** @import { Change } from '../crdt/change.js' */
/** @import { Value } from '../crdt/value.js' */
/** @import { Database } from './device.js' */
/** @import { TypeWire } from './types.js' */

import { FieldstackError, offline } from './error.js'

/**
 * The body of POST /api/_sync.
 * @typedef {object} Request
 * @property {string} replica
 * @property {string} cursor
 * @property {string} [since] the cursor that the oldest unsent change was made at
 * @property {Subscription[]} [subscribe]
 * @property {Change[]} changes
 * @property {number} [limit] of documents and changes in the answer
 * @property {DeviceReport} [device]
 */

/**
 * What this device says about itself.
 * @typedef {object} DeviceReport
 * @property {string} [label]
 * @property {string} [app]
 * @property {number} unsent changes that wait and are not in this request
 * @property {number} [oldest] when the first of those was made, ms
 * @property {number} [refused]
 * @property {{ [type: string]: number }} [types] the version it has of each
 */

/**
 * What this device wants of one type.
 * @typedef {{ type: string, where?: unknown }} Subscription
 */

/**
 * The answer to it, and the data of a live event (without results).
 * @typedef {object} Answer
 * @property {Result[]} [results]
 * @property {boolean} [reset] the first page of a whole sync
 * @property {{ message: string }} [outdated]
 * @property {TypeWire[]} types
 * @property {Change[]} changes
 * @property {string[]} [by] who made each of them
 * @property {number[]} [at] when each was accepted, ms
 * @property {DocumentWire[]} documents
 * @property {Key[]} forget
 * @property {string} cursor
 * @property {boolean} more
 * @property {number} now the server's clock, ms
 * @property {number} [emptied]
 * @property {number} [sent] documents of the whole sync so far
 * @property {number} [total] of about how many
 */

/** @typedef {{ n: number, ok: boolean, stamp?: string, error?: Mistake }} Result */
/** @typedef {{ code: string, message: string, field?: string }} Mistake */
/** @typedef {{ type: string, id: string }} Key */

/**
 * A whole document; meta is base64.
 * @typedef {Key & { value: { [field: string]: Value }, meta: string, deleted?: boolean,
 *   created: number, createdBy: string, updated: number, updatedBy: string }} DocumentWire
 */

/** So long nothing is heard of a request before it is given up, ms. */
const PATIENCE = 60_000

/** Gives a request up of which nothing is heard for some time. Its owner ends it. */
export class Watch {
  /** @type {unknown} */
  #timer
  #db
  #abort = new AbortController()
  heard = 0

  /**
   * @param {Database} db
   * @param {number} [ms]
   */
  constructor (db, ms = PATIENCE) {
    this.#db = db
    /** How long, ms. */
    this.ms = ms
    this.signal = this.#abort.signal
    this.hear()
  }

  /** Something was heard. */
  hear () {
    this.heard = this.#db.options.now()
    this.#db.timers.clearTimeout(this.#timer)
    this.#timer = this.#db.timers.setTimeout(() => this.end(), this.ms)
  }

  /** Gives the request up if too long nothing was heard: timers stand still in a tab that sleeps. */
  look () {
    if (this.#db.options.now() - this.heard > this.ms) this.end()
  }

  end () {
    this.#db.timers.clearTimeout(this.#timer)
    this.#abort.abort()
  }
}

/**
 * Where the server is, and who asks.
 * @typedef {{ url: string, token: string }} Way
 */

/**
 * Sends a request and gives the answer's JSON.
 * @param {Database} db
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Way} [way] as of when the body was made, lest one person ask for another
 * @param {(now: number) => void} [heard] is called when the answer begins
 * @returns {Promise<any>} undefined if there is nothing in it
 */
export async function call (db, method, path, body, way = db.me, heard) {
  const watch = new Watch(db)
  try {
    const response = await send(db, way, method, path, watch, body)
    heard?.(db.options.now())
    const text = await textOf(response, watch)
    return text ? JSON.parse(text) : undefined
  } catch (error) {
    throw offline(error)
  } finally {
    watch.end()
  }
}

/**
 * Sends a request; the body of the response may still be on its way.
 * @param {Database} db
 * @param {Way} way
 * @param {string} method
 * @param {string} path
 * @param {Watch} watch
 * @param {unknown} [body]
 */
export async function send (db, { url, token }, method, path, watch, body) {
  /** @type {Record<string, string>} */
  const headers = {}
  if (token) headers.Authorization = 'Bearer ' + token
  if (body) headers['Content-Type'] = 'application/json'
  const response = await db.options.fetch(url + path, {
    method, headers, body: body ? JSON.stringify(body) : undefined, signal: watch.signal, credentials: 'omit', cache: 'no-store'
  })
  if (response.ok) return response
  throw failure(response.status, await textOf(response, watch))
}

/**
 * The text of a body, piece by piece as it comes.
 * @param {ReadableStream<Uint8Array> | null} body
 * @param {() => void} [heard] is called whenever anything comes
 * @returns {AsyncGenerator<string, void>}
 */
export async function * pieces (body, heard) {
  if (!body) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      heard?.()
      yield decoder.decode(value, { stream: !done })
      if (done) return
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/**
 * @param {Response} response
 * @param {Watch} watch
 */
async function textOf (response, watch) {
  let all = ''
  for await (const text of pieces(response.body, () => watch.hear())) all += text
  return all
}

/**
 * The error in an answer. A 5xx, or one not in our form (a proxy's), is a server that cannot
 * be reached.
 * @param {number} status
 * @param {string} text
 */
function failure (status, text) {
  /** @type {Mistake | undefined} */
  let mistake
  try {
    mistake = JSON.parse(text).error
  } catch {}
  if (!mistake?.code) return offline(new Error('status ' + status))
  return new FieldstackError(status < 500 ? mistake.code : 'offline', mistake.message, { field: mistake.field })
}

/**
 * The bytes of a base64 text.
 * @param {string} text
 */
export function bytes (text) {
  const characters = atob(text)
  const all = new Uint8Array(characters.length)
  for (let i = 0; i < all.length; i++) all[i] = characters.charCodeAt(i)
  return all
}
