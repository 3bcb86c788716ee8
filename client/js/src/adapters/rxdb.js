// RxDB replication over plain HTTP. RxDB tells a write with the state that it was made on, so
// the server merges it field by field and no conflict handler is needed.
//
// What RxDB asks: a page with fewer documents than it asked for ends the round; deleted
// documents must come too; a push may be repeated; what is told as a conflict takes the
// place of what was written here.

import { replicateRxCollection } from 'rxdb/plugins/replication'
import { Subject } from 'rxjs'
import { difference, valueOf } from './difference.js'
import { Rest } from './rest.js'

/** @import { RxCollection, RxJsonSchema } from 'rxdb' */
/** @import { RxReplicationState } from 'rxdb/plugins/replication' */
/** @import { Condition } from '../index.js' */
/** @import { Written } from './rest.js' */

/** @typedef {{ id: string } & { [field: string]: any }} Item */
/** @typedef {{ cursor: string }} Checkpoint */

/**
 * Keeps an RxDB collection level with one type of records. Options of replicateRxCollection
 * (live, retryTime, waitForLeadership, …) may be given too. Cancel it when done.
 * @param {{
 *   collection: RxCollection<any>, type: string, url: string, token: string, where?: Condition,
 *   fetch?: typeof globalThis.fetch, onRefused?: (refused: Written) => void, batchSize?: number,
 *   live?: boolean, retryTime?: number, waitForLeadership?: boolean, autoStart?: boolean
 * }} options onRefused hears of a write that the server would not take: it is taken back here
 * @returns {RxReplicationState<any, Checkpoint>}
 */
export function replicateFieldstack ({ collection, type, url, token, where, fetch, onRefused = () => {}, batchSize = 200, ...options }) {
  const rest = new Rest(type, { url, token, where, ...(fetch && { fetch }) })
  /** @type {Subject<any>} */
  const moved = new Subject()
  /** @type {RxReplicationState<any, any>} */
  const replication = replicateRxCollection({
    collection,
    replicationIdentifier: `fieldstack ${url} ${type} ${JSON.stringify(where ?? true)}`,
    deletedField: '_deleted',
    pull: { batchSize, stream$: moved.asObservable(), handler: (checkpoint) => pull(rest, checkpoint, batchSize) },
    push: { batchSize, handler: (rows) => push(rest, rows, onRefused) },
    ...options
  })
  if (options.live !== false) {
    const stop = rest.listen(() => moved.next('RESYNC'))
    replication.canceled$.subscribe((over) => { if (over) stop() })
  }
  return replication
}

/**
 * @param {Rest} rest
 * @param {Checkpoint | undefined} checkpoint
 * @param {number} batchSize
 */
async function pull (rest, checkpoint, batchSize) {
  let cursor = checkpoint?.cursor ?? ''
  /** @type {Map<string, Item & { _deleted: boolean }>} */
  const documents = new Map()
  for (let more = true; more && documents.size < batchSize;) {
    const page = await rest.moved(cursor, batchSize)
    for (const { id, value } of page.documents) documents.set(id, { ...value, id, _deleted: false })
    for (const id of page.removed) documents.set(id, { id, _deleted: true })
    cursor = page.cursor
    more = page.more
  }
  return { documents: [...documents.values()], checkpoint: { cursor } }
}

/**
 * @param {Rest} rest
 * @param {{ assumedMasterState?: any, newDocumentState: any }[]} rows
 * @param {(refused: Written) => void} onRefused
 */
async function push (rest, rows, onRefused) {
  const removed = rows.filter((row) => row.newDocumentState._deleted)
  const added = rows.filter((row) => !row.newDocumentState._deleted && !row.assumedMasterState)
  const modified = rows.filter((row) => !row.newDocumentState._deleted && row.assumedMasterState)
  const results = await rest.write({
    added: added.map(({ newDocumentState: item }) => ({ id: item.id, value: valueOf(item) })),
    modified: modified.map(({ newDocumentState: item, assumedMasterState: had }) => {
      const { fields, from } = difference(had, item)
      return { id: item.id, value: fields, from }
    }),
    removed: removed.map(({ newDocumentState: item }) => item.id)
  })
  const before = new Map(rows.map((row) => [row.newDocumentState.id, row]))
  const conflicts = []
  for (const refused of results) {
    if (!refused.error || ['conflict', 'not_found'].includes(refused.error.code)) continue
    onRefused(refused)
    const row = before.get(refused.id)
    conflicts.push(row?.assumedMasterState ?? { ...row?.newDocumentState, _deleted: true })
  }
  return conflicts
}

/**
 * An RxDB schema for a type: what it is called and which fields it has. What a value may be
 * stays with the server, whose rules RxDB cannot all say.
 * @param {{ schema: any }} type as the SDK or GET /api/_types/{type} gives it
 * @returns {RxJsonSchema<any>}
 */
export function rxSchema ({ schema }) {
  /** @type {{ [field: string]: any }} */
  const properties = { id: { type: 'string', maxLength: 36 } }
  for (const [field, { type }] of Object.entries(/** @type {{ [field: string]: any }} */ (schema.properties ?? {}))) {
    properties[field] = type ? { type } : {}
  }
  return { version: 0, primaryKey: 'id', type: 'object', properties, required: ['id'] }
}
