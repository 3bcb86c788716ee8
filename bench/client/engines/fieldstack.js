// fieldstack: the browser SDK, against the server itself.

import { open as openDatabase } from '../../../client/js/src/index.js'

let db
let orders

/** Opens, or opens again, the store of this browser. */
export async function open ({ url, token, type }) {
  db = await openDatabase({ url, token, name: 'bench', subscribe: [{ type }], sync: false })
  orders = db.collection(type)
}

export const sync = () => db.sync()
export const count = () => orders.count()
export const value = async (id) => (await orders.get(id))?.value
export const edit = (id, fields) => orders.update(id, fields)
export const close = () => db.close()

/** The first fifty of a site, by title. */
export async function query (site) {
  const found = await orders.find({ field: 'site', is: site }, { sort: 'title', limit: 50 })
  return found.map((document) => document.value)
}
