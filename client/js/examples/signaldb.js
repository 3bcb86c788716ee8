// SignalDB over a fieldstack device: SignalDB's collections and queries, the device's
// offline store, merge and sync.

import { Collection } from '@signaldb/core'
import { newId } from 'fieldstack'
import { fieldstackPersistence } from 'fieldstack/signaldb'

/**
 * @param {import('fieldstack').Database} db opened with open({ url, … }) and signed in
 * @param {(error: Error) => void} tell shows the person what was refused
 */
export async function openOrders (db, tell) {
  const orders = new Collection({
    persistence: fieldstackPersistence(db.collection('work-order'), { onError: tell }),
    primaryKeyGenerator: newId
  })
  await orders.isReady()
  return orders
}
