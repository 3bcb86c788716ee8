// Who is at the device.

/** @import { Database, Me } from './device.js' */
/** @import { Tx } from '../store/tx.js' */

import { newReplica } from '../crdt/stamp.js'
import { FieldstackError } from './error.js'
import { call } from './wire.js'

/**
 * Who is signed in.
 * @typedef {{ user: string, name: string, role: string }} Who
 */

/**
 * Exchanges a password or a one-time code for a token.
 * @param {Database} db
 * @param {unknown} credentials
 */
export async function signIn (db, credentials) {
  const { token, ...who } = await call(db, 'POST', '/api/_session', credentials)
  await db.write((tx, me) => enter(db, tx, me, who, token))
  db.reach({ online: true, outOfReach: undefined })
  again(db)
}

/**
 * Learns who a token that the program gave belongs to.
 * @param {Database} db
 */
export async function learnWho (db) {
  const { token } = db.me
  const who = await call(db, 'GET', '/api/_session')
  await db.write(async (tx, me) => {
    if (me.token === token) await enter(db, tx, me, who, token)
  })
}

/**
 * Somebody comes. What is on the device for somebody else goes, unless that would lose work.
 * @param {Database} db
 * @param {Tx} tx
 * @param {Me} me
 * @param {Who} who
 * @param {string} token
 */
async function enter (db, tx, me, { user, name, role }, token) {
  if (me.owner && me.owner !== user) await forgetAll(db, tx, me, false)
  Object.assign(me, { token, owner: user, who: { user, name, role } })
}

/**
 * @param {Database} db
 * @param {boolean} force even if work is lost
 */
export async function signOut (db, force) {
  if (!force) await db.store.read(nothingPending)
  // Begun with the token, which is forgotten here, come what may: that is what counts on a
  // device without a network.
  const ended = db.me.token && call(db, 'DELETE', '/api/_session').catch(() => {})
  await db.write((tx, me) => forgetAll(db, tx, me, force))
  again(db)
  await ended
}

/**
 * Whoever keeps the device level begins anew.
 * @param {Database} db
 */
function again (db) {
  db.wake(true)
  db.store.tell({ wake: true })
}

/** @param {Tx} tx */
async function nothingPending (tx) {
  const { pending } = await tx.counts()
  if (pending) throw new FieldstackError('pending', `${pending} changes are not sent yet: sync first, or they are lost.`)
}

/**
 * Makes the device one that nobody has used: its documents are for who was signed in.
 * @param {Database} db
 * @param {Tx} tx
 * @param {Me} me
 * @param {boolean} force
 */
async function forgetAll (db, tx, me, force) {
  if (!force) await nothingPending(tx)
  await tx.clear()
  const { url, offset, clock, typesAt, at } = me
  for (const key of /** @type {(keyof Me)[]} */ (Object.keys(me))) delete me[key]
  Object.assign(me, newMe(db), { url, offset, clock, typesAt: typesAt + 1, at })
}

/**
 * Of a store that nobody has used.
 * @param {Database} db
 * @returns {Me}
 */
export const newMe = db => ({ replica: freshReplica(db), n: 0, clock: '', offset: 0, url: '', token: '', cursor: '', round: 0, typesAt: 0, at: 0 })

/** @param {Database} db */
export const freshReplica = db => newReplica(db.options.random(new Uint8Array(8)))
