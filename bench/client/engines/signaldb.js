// SignalDB with its SyncManager, and its IndexedDB adapter for the collection and for
// what the manager keeps, as its documentation has it.

import { Collection, createIndex } from '@signaldb/core'
import { SyncManager } from '@signaldb/sync'
import createIndexedDBAdapter from '@signaldb/indexeddb'

let orders
let manager
let failed

export async function open ({ url, room }) {
  manager = new SyncManager({
    persistenceAdapter: (id) => createIndexedDBAdapter(id),
    autostart: false,
    onError: (_, error) => { failed = error },
    pull: async (_, { lastFinishedSyncStart }) => {
      const answer = await fetch(`${url}/signaldb/${room}${lastFinishedSyncStart ? `?since=${lastFinishedSyncStart}` : ''}`)
      return answer.json()
    },
    push: async (_, { changes: { added, modified, removed } }) => {
      await fetch(`${url}/signaldb/${room}`, { method: 'POST', body: JSON.stringify({ added, modified, removed }) })
    }
  })
  orders = new Collection({ name: 'orders', persistence: createIndexedDBAdapter('orders'), indices: [createIndex('site')] })
  manager.addCollection(orders, { name: 'orders' })
  await orders.isReady()
  await manager.isReady()
}

export async function sync () {
  await manager.sync('orders', { force: true })
  if (failed) throw failed
  await saved()
}

/** Waits until everything is written that the collection and the manager keep. */
async function saved () {
  const all = [orders, manager.changes, manager.snapshots, manager.syncOperations]
  while (all.some((collection) => collection.isPushing())) await new Promise((resolve) => setTimeout(resolve, 1))
}

export const count = () => orders.find().count()
export const value = (id) => orders.findOne({ id })
export const edit = (id, fields) => orders.updateOne({ id }, { $set: fields })
export const query = (site) => orders.find({ site }, { sort: { title: 1 }, limit: 50 }).fetch()
export async function close () { await manager.dispose() }
