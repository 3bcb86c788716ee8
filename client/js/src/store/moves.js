// What each of the last commits touched: how a tab learns what to read again.

import { result } from './idb.js'

/** @import { Moved, Tx } from './tx.js' */

/**
 * What a commit touched. `all`: anything.
 * @typedef {object} Move
 * @property {number} v the version of the store that it made
 * @property {[string, string[]][]} docs ids by type
 * @property {boolean} all
 * @property {boolean} types types came
 */

/** Of so many commits, at least, it is told what they touched. */
const told = 256

/**
 * The version of the store: 0 before its first commit.
 * @param {IDBTransaction} idb
 * @returns {Promise<number>}
 */
export async function lastVersion (idb) {
  const cursor = await result(idb.objectStore('moves').openKeyCursor(null, 'prev'))
  return cursor ? Number(cursor.key) : 0
}

/**
 * Counts a commit and says what it touched; gives its version.
 * @param {IDBTransaction} idb
 * @param {Tx} tx
 * @returns {Promise<number>}
 */
export async function recordMove (idb, tx) {
  const moves = idb.objectStore('moves')
  const v = Number(await result(moves.add({ docs: [...tx.moved].map(([type, ids]) => [type, [...ids]]), all: tx.cleared, types: tx.learned })))
  if (v % 64 === 0) moves.delete(IDBKeyRange.upperBound(v - told))
  return v
}

/**
 * What moved since a version, and the version now. `all`: more than is told.
 * @param {IDBTransaction} idb
 * @param {number} since
 * @returns {Promise<{version: number, all: boolean, types: boolean, moved: Moved}>}
 */
export async function movesSince (idb, since) {
  const moves = /** @type {Move[]} */ (await result(idb.objectStore('moves').getAll(IDBKeyRange.lowerBound(since, true))))
  /** @type {Moved} */
  const moved = new Map()
  for (const [type, ids] of moves.flatMap(move => move.docs)) {
    const had = moved.get(type) ?? new Set()
    for (const id of ids) had.add(id)
    moved.set(type, had)
  }
  const all = moves.some(move => move.all) || (moves.length > 0 && moves[0].v !== since + 1)
  return { version: moves.at(-1)?.v ?? since, all, types: moves.some(move => move.types), moved }
}
