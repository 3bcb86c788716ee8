// SignalDB with a PersistenceAdapter that asks a server: what scales, and keeps nothing
// on the device.

import { Collection, createIndex, createPersistenceAdapter } from '@signaldb/core'

let orders
let changed
let since = 0
let fresh = true // what opening brought is all there is

export async function open ({ url, room }) {
  const load = async () => {
    const begun = Date.now()
    const answer = await (await fetch(`${url}/signaldb/${room}${since ? `?since=${since}` : ''}`)).json()
    since = begun
    return answer
  }
  orders = new Collection({
    indices: [createIndex('site')],
    persistence: createPersistenceAdapter({
      register: async (onChange) => { changed = async () => onChange(await load()) },
      load,
      save: async (_, { added, modified, removed }) => {
        await fetch(`${url}/signaldb/${room}`, { method: 'POST', body: JSON.stringify({ added, modified, removed }) })
      }
    })
  })
  await orders.isReady()
}

export async function sync () {
  if (!fresh) await changed()
  fresh = false
  while (orders.isPulling() || orders.isPushing()) await new Promise((resolve) => setTimeout(resolve, 1))
}

export const count = () => orders.find().count()
export const value = (id) => orders.findOne({ id })
export const edit = (id, fields) => orders.updateOne({ id }, { $set: fields })
export const query = (site) => orders.find({ site }, { sort: { title: 1 }, limit: 50 }).fetch()
export async function close () { await orders.dispose() }
