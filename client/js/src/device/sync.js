// Round trips: push what is pending, pull what is new.

/** @import { Database } from './device.js' */
/** @import { Answer, Request, Way } from './wire.js' */

import { millis, newTime } from '../crdt/stamp.js'
import { hasCode, FieldstackError } from './error.js'
import { takeNewReplica } from './fork.js'
import { sinceNow } from './collection.js'
import { Intake } from './intake.js'
import { learnWho } from './session.js'
import { call } from './wire.js'

// Bounds of one push; the rest goes in the next round trip. Over a link so weak that no answer
// comes, half of it is tried, and half of that.
const MAX_CHANGES = 500
const MAX_BYTES = 4 << 20
const LEAST_PART = 1 / 64

/**
 * What a sync did.
 * @typedef {object} Report
 * @property {number} acknowledged changes the server took, those that it had already taken included
 * @property {number} refused changes it would not take
 * @property {number} received changes, documents and leavings that came
 * @property {boolean} newReplica the store was a copy: its pending changes went under a new replica id
 * @property {number} roundTrips
 * @property {string} note a sentence that the person should read, '': none; the status keeps it
 */

/**
 * A request that is on its way, and what it was made from.
 * @typedef {object} Trip
 * @property {Request} request
 * @property {number} waiting how many changes were pending in all
 * @property {Way} way
 * @property {number} [offset] server's clock less ours
 * @property {Promise<Answer>} [answer]
 */

/**
 * Brings both sides level.
 * @param {Database} db
 * @param {boolean} [pushOnly] of what the server has only the answers are wanted: a live stream
 *   brings the rest
 * @returns {Promise<Report>}
 */
export function sync (db, pushOnly = false) {
  const run = db.turn.then(() => level(db, pushOnly))
  db.turn = run.catch(() => {})
  return run
}

/**
 * @param {Database} db
 * @param {boolean} pushOnly
 */
async function level (db, pushOnly) {
  /** @type {Report} */
  const report = { acknowledged: 0, refused: 0, received: 0, newReplica: false, roundTrips: 0, note: '' }
  db.reach({ syncing: true })
  try {
    if (!db.me.token) throw new FieldstackError('unauthorized', 'Sign in first.')
    if (!db.me.who) await learnWho(db)
    /** @type {Trip | undefined} */
    let next
    do next = await roundTrip(db, next ?? await prepare(db), report, pushOnly)
    while (next)
    db.reach({ online: true, syncing: false, outOfReach: undefined })
    return report
  } catch (error) {
    if (hasCode(error, 'unauthorized') && db.me.token) await db.write(async (_, me) => { me.token = '' })
    if (hasCode(error, 'offline')) db.part = Math.max(db.part / 2, LEAST_PART)
    db.reach({ online: report.roundTrips > 0 && !hasCode(error, 'offline'), syncing: false, outOfReach: /** @type {Error} */ (error).message })
    throw error
  }
}

/**
 * What to send: the oldest pending changes.
 * @param {Database} db
 * @returns {Promise<Trip>}
 */
function prepare (db) {
  return db.store.read(async tx => {
    const me = await tx.state('me')
    const waiting = /** @type {any[]} */ (await tx.pendingOf())
    const pending = me.outdated ? [] : waiting // first they are made anew
    /** @type {Request} */
    const request = { replica: me.replica, cursor: me.cursor, changes: [] }
    if (db.options.subscribe) request.subscribe = db.options.subscribe
    if (pending.length) request.since = pending[0].since
    let size = 0
    for (const { change } of pending) {
      size += JSON.stringify(change).length
      if (request.changes.length && (request.changes.length >= MAX_CHANGES * db.part || size > MAX_BYTES * db.part)) break
      request.changes.push(change)
    }
    request.device = aboutItself(db, waiting.slice(request.changes.length), (await tx.counts()).refused)
    return { request, waiting: pending.length, way: me }
  })
}

/**
 * What the device says about itself, for those who look after devices.
 * @param {Database} db
 * @param {any[]} rest the changes that stay behind
 * @param {number} refused
 * @returns {import('./wire.js').DeviceReport}
 */
const aboutItself = ({ options: { label, app }, types }, rest, refused) => ({
  label,
  app,
  unsent: rest.length,
  oldest: rest.length ? millis(rest[0].change.stamp) : undefined,
  refused,
  types: Object.fromEntries(types.map(({ name, version }) => [name, version]))
})

/**
 * Sends it, unless that was done.
 * @param {Database} db
 * @param {Trip} trip
 */
function ask (db, trip) {
  trip.request.limit = Math.ceil(db.options.limit * db.part)
  const begun = db.options.now()
  trip.answer = call(db, 'POST', '/api/_sync', trip.request, trip.way, now => { trip.offset = (begun + now) / 2 })
  trip.answer.catch(() => {}) // whoever waits for it hears of it
  return trip
}

/**
 * One request and its answer. Gives the next one if there is more to do. While a whole sync
 * is written, its next page is already on its way.
 * @param {Database} db
 * @param {Trip} trip
 * @param {Report} report
 * @param {boolean} pushOnly
 * @returns {Promise<Trip | undefined>}
 */
async function roundTrip (db, trip, report, pushOnly) {
  const { request } = trip
  report.roundTrips++
  /** @type {Answer} */
  let answer
  try {
    answer = await /** @type {Promise<Answer>} */ ((trip.answer ? trip : ask(db, trip)).answer)
  } catch (error) {
    if (hasCode(error, 'replica_forked', 'replica_gap')) {
      report.newReplica = true
      await takeNewReplica(db, request.replica)
    } else if (hasCode(error, 'resync') && request.cursor) await startOver(db)
    else throw error
    return prepare(db)
  }
  if (!db.status.online) db.reach({ online: true, outOfReach: undefined }) // a first sync may go on for long
  db.part = Math.min(2 * db.part, 1)
  if (trip.offset !== undefined) trip.offset = answer.now - trip.offset
  /** @type {Trip | undefined} */
  let next
  if (answer.more && answer.documents.length && !pushOnly) {
    next = ask(db, {
      request: { ...request, cursor: answer.cursor, changes: [], since: answer.outdated ? undefined : request.since },
      waiting: trip.waiting - request.changes.length,
      way: trip.way
    })
  }
  const taken = await take(db, answer, trip, report, pushOnly)
  if (next && taken === 'all') return next
  const more = taken === 'all' ? answer.more : taken !== 'answers' || !pushOnly
  return more || trip.waiting > request.changes.length ? prepare(db) : undefined
}

/**
 * Writes one answer in one transaction: what became of the changes sent, what came, and the
 * cursor. What came is taken in only at the place that it was asked from: another tab may have
 * moved on.
 * @param {Database} db
 * @param {Answer} answer
 * @param {Trip} trip
 * @param {Report} report
 * @param {boolean} [pushOnly]
 * @returns {Promise<'all' | 'remade' | 'answers' | undefined>} what was taken in; remade: all, and
 *   unsent changes were made anew
 */
export const take = (db, answer, { request, offset }, report, pushOnly) => db.write(async (tx, me) => {
  if (me.replica !== request.replica) return undefined
  if (offset !== undefined) me.offset = Math.round(offset)
  // Nothing that the answer shows is stamped later than this, and what is done next must come
  // after it, should the device's clock step back.
  const now = newTime(answer.now, 65535)
  if (now > me.clock) me.clock = now
  me.last = db.options.now()
  const intake = new Intake(db, tx, me, answer, report)
  await intake.answers(request.changes)
  if (me.cursor !== request.cursor || (pushOnly && !answer.reset && !answer.outdated && !answer.forget.length)) {
    await intake.flush()
    return 'answers'
  }
  await intake.pulled()
  return intake.sendAgain ? 'remade' : 'all'
})

/**
 * Drops the cursor: the server's history is another one than it was. What is confirmed stays on
 * view until the whole sync has ended.
 * @param {Database} db
 */
const startOver = db => db.write(async (_, me) => {
  me.base = sinceNow(me)
  me.cursor = ''
})
