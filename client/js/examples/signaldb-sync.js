// SignalDB's SyncManager with a fieldstack server, and no SDK: some thousands of records.

import { Collection } from '@signaldb/core'
import { SyncManager } from '@signaldb/sync'
import { fieldstackSync, newId } from 'fieldstack/signaldb-sync'

/**
 * @param {string} url of the server
 * @param {string} token of the person or the device
 * @param {(sentence: string) => void} tell shows the person what was refused
 */
export async function openOrders (url, token, tell) {
  const manager = new SyncManager({
    ...fieldstackSync({ url, token, onRefused: ({ error }) => tell(error?.message ?? '') })
  })
  const orders = new Collection({ primaryKeyGenerator: newId })
  manager.addCollection(orders, { name: 'work-order' })
  await manager.sync('work-order')
  return { orders, manager }
}
