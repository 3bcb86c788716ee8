// Yjs: one document with a Y.Map for each record, kept by y-indexeddb, and updates
// exchanged over plain HTTP.

import * as Y from 'yjs'
import { IndexeddbPersistence } from 'y-indexeddb'

let doc
let orders
let persistence
let url
let room

export async function open (options) {
  ({ url, room } = options)
  doc = new Y.Doc()
  orders = doc.getMap('orders')
  persistence = new IndexeddbPersistence('bench', doc)
  await persistence.whenSynced
}

/** Sends what the server lacks, and takes what this device lacks. */
export async function sync () {
  const theirs = new Uint8Array(await (await fetch(`${url}/yjs/${room}/state`)).arrayBuffer())
  const mine = Y.encodeStateAsUpdate(doc, theirs)
  const body = new Uint8Array(await new Blob([frame(Y.encodeStateVector(doc)), mine]).arrayBuffer())
  const answer = await fetch(`${url}/yjs/${room}`, { method: 'POST', body })
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()))
  await written()
}

/** A state vector with its length in front. */
function frame (bytes) {
  const framed = new Uint8Array(4 + bytes.length)
  new DataView(framed.buffer).setUint32(0, bytes.length)
  framed.set(bytes, 4)
  return framed
}

/** Waits for the writes that persistence has begun: a transaction comes after those before it. */
function written () {
  return new Promise((resolve, reject) => {
    const transaction = persistence.db.transaction(['updates'], 'readwrite')
    transaction.oncomplete = resolve
    transaction.onerror = reject
    transaction.objectStore('updates').count()
  })
}

export const count = () => orders.size
export const value = (id) => orders.get(id)?.toJSON()

export async function edit (id, fields) {
  const order = orders.get(id)
  doc.transact(() => { for (const [key, v] of Object.entries(fields)) order.set(key, v) })
  await written()
}

/** There are no indexes: all are looked at. */
export function query (site) {
  const found = []
  for (const order of orders.values()) if (order.get('site') === site) found.push(order)
  found.sort((a, b) => a.get('title') < b.get('title') ? -1 : a.get('title') > b.get('title') ? 1 : 0)
  return found.slice(0, 50).map((order) => order.toJSON())
}

export async function close () { await persistence.destroy() }
