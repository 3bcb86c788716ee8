// PouchDB with its find plugin, replicating with what speaks CouchDB's protocol.

import PouchDB from 'pouchdb-browser'
import find from 'pouchdb-find'

PouchDB.plugin(find)

let db
let remote
let fresh = true // there is nothing to send

export async function open ({ url, room }) {
  db = new PouchDB('bench', { auto_compaction: true })
  remote = new PouchDB(`${url}/couch/${room}`)
}

export async function sync () {
  const options = { batch_size: 1000 }
  await (fresh ? db.replicate.from(remote, options) : db.sync(remote, options))
  fresh = false
}

export const count = async () => (await db.info()).doc_count - (indexed ? 1 : 0)
export const close = () => db.close()

export async function value (id) {
  const { _id, _rev, _conflicts, ...fields } = await db.get(id, { conflicts: true })
  return { ...fields, ...(_conflicts ? { conflicts: _conflicts.length } : {}) }
}

export async function edit (id, fields) {
  await db.put({ ...await db.get(id), ...fields })
}

let indexed = false

export async function query (site) {
  if (!indexed) {
    await db.createIndex({ index: { fields: ['site', 'title'] } })
    indexed = true
  }
  const found = await db.find({ selector: { site, title: { $gte: null } }, sort: ['site', 'title'], limit: 50 })
  return found.docs
}
