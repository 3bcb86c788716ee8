// Keeping level: live events, and what to do when they do not come.

/** @import { Database } from './device.js' */
/** @import { Report, Trip } from './sync.js' */

import { hasCode } from './error.js'
import { sync, take } from './sync.js'
import { Watch, pieces, send } from './wire.js'

/** So soon a stream says something; else a proxy holds events back. One that lived so long was a good one. */
const FIRST_WORD = 10_000
const SHORTEST_WAIT = 1000
const LONGEST_WAIT = 60_000

/**
 * Keeps the device level until it is closed: it syncs, listens, and after a break waits and
 * begins again, longer each time up to a minute, with jitter so that a thousand devices do not
 * come back at once. Where a proxy holds live events back, that comes to asking now and then.
 * @param {Database} db
 */
export async function keepLevel (db) {
  db.onStatus(() => push(db))
  let wait = SHORTEST_WAIT
  while (!db.closed) {
    let alone = false
    try {
      await sync(db)
      db.woken = false
      if (await listen(db)) wait = SHORTEST_WAIT
    } catch (error) {
      alone = hasCode(error, 'unauthorized', 'pending') // only a person can help
    }
    if (await pause(db, alone ? Infinity : wait * (1 + Math.random()) / 2)) wait = SHORTEST_WAIT
    else wait = Math.min(2 * wait, LONGEST_WAIT)
  }
}

/**
 * Waits, or until somebody wakes the device, which it tells.
 * @param {Database} db
 * @param {number} ms
 * @returns {Promise<boolean>}
 */
function pause (db, ms) {
  return new Promise(resolve => {
    const timer = ms < Infinity && db.timers.setTimeout(() => end(false), ms)
    /** @param {boolean} woken */
    const end = woken => {
      if (timer) db.timers.clearTimeout(timer)
      db.onWake = undefined
      db.woken = false
      resolve(woken)
    }
    if (db.woken || db.closed) end(true)
    else db.onWake = () => end(true)
  })
}

/**
 * Sends what has been done, if the server is in reach. What it has meanwhile, a live stream
 * brings if there is one.
 * @param {Database} db
 */
async function push (db) {
  const { online, pending, syncing } = db.status
  if (!online || !pending || syncing || db.closed) return
  try {
    const report = await sync(db, !!db.stream)
    if (report.acknowledged + report.refused === 0) db.stream?.end()
  } catch {
    db.stream?.end() // whoever keeps the device level tries again
  }
}

/**
 * Takes live events in until the stream breaks. Tells whether it was worth opening.
 * @param {Database} db
 * @returns {Promise<boolean>}
 */
async function listen (db) {
  const { replica, cursor } = db.me
  /** @type {Trip} */
  const place = { request: { replica, cursor, changes: [] }, waiting: 0, way: db.me }
  const query = new URLSearchParams({ cursor })
  if (db.options.subscribe) query.set('subscribe', JSON.stringify(db.options.subscribe))
  const watch = new Watch(db, FIRST_WORD)
  const begun = db.options.now()
  let good = false
  db.onWake = again => again ? watch.end() : watch.look()
  try {
    const response = await send(db, db.me, 'GET', '/api/_events?' + query, watch)
    for await (const { data } of readEvents(response.body, () => watch.hear())) {
      if (!db.stream) {
        db.stream = watch
        watch.ms = 2 * db.options.heartbeat
        watch.hear()
      }
      if (!data) continue
      const answer = JSON.parse(data)
      const taken = await take(db, answer, place, /** @type {Report} */ ({}))
      if (taken !== 'all') break // another tab has moved on
      place.request = { ...place.request, cursor: answer.cursor }
      good = true
    }
  } catch {} // the next sync tells what is the matter
  good ||= !!db.stream && db.options.now() - begun > FIRST_WORD
  db.stream = db.onWake = undefined
  watch.end()
  return good
}

/**
 * Reads a stream of server-sent events, as `fetch` gives it. What has no data only moves the id.
 * @param {ReadableStream<Uint8Array> | null} body
 * @param {() => void} [heard] is called whenever anything comes
 * @returns {AsyncGenerator<{ id: string, data: string }, void>}
 */
export async function * readEvents (body, heard) {
  let rest = ''
  let id = ''
  let data = ''
  for await (const text of pieces(body, heard)) {
    const lines = (rest + text).split('\n')
    rest = /** @type {string} */ (lines.pop())
    for (const line of lines) {
      if (line.startsWith('data:')) data += line.slice(5).trimStart()
      else if (line.startsWith('id:')) id = line.slice(3).trim()
      else if (!line) {
        yield { id, data }
        data = ''
      }
    }
  }
}
