// RxDB with its Dexie storage and its HTTP replication, as its documentation has it.

import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { replicateRxCollection } from 'rxdb/plugins/replication'

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 36 },
    title: { type: 'string', maxLength: 120 },
    status: { type: 'string' },
    priority: { type: 'string' },
    site: { type: 'string', maxLength: 80 },
    assignee: { type: 'string' },
    due: { type: 'string' },
    notes: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    parts: { type: 'array', items: { type: 'object', properties: { part: { type: 'string' }, quantity: { type: 'integer' } } } },
    hours: { type: 'number' },
    meter: { type: 'number' },
    signature: { type: 'string' }
  },
  required: ['id', 'title', 'site'],
  indexes: [['site', 'title']]
}

let db
let url
let room

export async function open (options) {
  ({ url, room } = options)
  db = await createRxDatabase({ name: 'bench', storage: getRxStorageDexie(), multiInstance: false })
  await db.addCollections({ orders: { schema } })
}

export async function sync () {
  const replication = replicateRxCollection({
    collection: db.orders,
    replicationIdentifier: 'bench',
    live: false,
    waitForLeadership: false,
    pull: {
      batchSize: 1000,
      handler: async (checkpoint, limit) => (await fetch(`${url}/rxdb/${room}?after=${checkpoint?.seq ?? 0}&limit=${limit}`)).json()
    },
    push: {
      batchSize: 100,
      handler: async (rows) => (await fetch(`${url}/rxdb/${room}`, { method: 'POST', body: JSON.stringify(rows) })).json()
    }
  })
  let failed
  replication.error$.subscribe((error) => { failed = error; replication.cancel() })
  await replication.awaitInitialReplication()
  if (failed) throw failed
  await replication.cancel()
}

export const count = () => db.orders.count().exec()
export const value = async (id) => (await db.orders.findOne(id).exec())?.toJSON()
export const edit = async (id, fields) => (await db.orders.findOne(id).exec()).patch(fields)
export const close = () => db.close()

export async function query (site) {
  const found = await db.orders.find({ selector: { site }, sort: [{ title: 'asc' }], limit: 50 }).exec()
  return found.map((document) => document.toJSON())
}
