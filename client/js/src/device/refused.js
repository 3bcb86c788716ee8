// What the server would not take: out of the view, and kept with all that was typed until the
// person dismisses it.

/** @import { Change } from '../crdt/change.js' */
/** @import { Tx } from '../store/tx.js' */
/** @import { Database } from './device.js' */
/** @import { Mistake } from './wire.js' */

/**
 * A change that could not be sent.
 * @typedef {object} Refusal
 * @property {number} id for dismiss
 * @property {string} type
 * @property {string} doc
 * @property {Change} change
 * @property {Mistake} error
 * @property {number} at ms since 1970, by this device's clock
 */

/**
 * @param {Tx} tx
 * @param {Change} change
 * @param {Mistake | undefined} error
 * @param {number} at
 */
export async function refuse (tx, change, error, at) {
  error ??= { code: 'invalid', message: 'No reason was given.' }
  await tx.refuse({ type: change.type, doc: change.doc, change, error, at })
}

/**
 * A rescue file: a line of JSON for each pending and each refused change.
 * @param {Database} db
 */
export function exportPending (db) {
  return db.store.read(async tx => [
    ...(await tx.pendingOf()).map(p => ({ pending: p.change })),
    ...(await tx.refused()).map(r => ({ refused: r.change, error: r.error }))
  ].map(line => JSON.stringify(line) + '\n').join(''))
}
