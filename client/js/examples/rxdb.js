// RxDB with a fieldstack server: RxDB keeps the records, the server merges field by field.

import { createRxDatabase } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { replicateFieldstack, rxSchema } from 'fieldstack/rxdb'

/**
 * @param {string} url of the server
 * @param {string} token of the person or the device
 * @param {(sentence: string) => void} tell shows the person what was refused
 */
export async function openOrders (url, token, tell) {
  const type = await (await fetch(`${url}/api/_types/work-order`, { headers: { authorization: `Bearer ${token}` } })).json()
  const db = await createRxDatabase({ name: `orders-${crypto.randomUUID()}`, storage: getRxStorageMemory(), multiInstance: false })
  const { orders } = await db.addCollections({ orders: { schema: rxSchema(type) } })
  const replication = replicateFieldstack({
    collection: orders, type: 'work-order', url, token, live: true, onRefused: ({ error }) => tell(error?.message ?? '')
  })
  await replication.awaitInitialReplication()
  return { db, orders, replication }
}
