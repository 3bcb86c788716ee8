// A Yjs document on a server: it says what it has, takes what it lacks, and gives what
// the other lacks.

import * as Y from 'yjs'

export class YjsRoom {
  #doc = new Y.Doc()

  constructor (orders) {
    const map = this.#doc.getMap('orders')
    this.#doc.transact(() => {
      for (const { id, ...fields } of orders) map.set(id, new Y.Map(Object.entries(fields)))
    })
  }

  edit (id, fields) {
    const order = this.#doc.getMap('orders').get(id)
    for (const [key, value] of Object.entries(fields)) order.set(key, value)
  }

  answer (method, [what], _, body) {
    if (what === 'state') return { bytes: Y.encodeStateVector(this.#doc) }
    const length = body.readUInt32BE(0)
    Y.applyUpdate(this.#doc, body.subarray(4 + length))
    return { bytes: Y.encodeStateAsUpdate(this.#doc, body.subarray(4, 4 + length)) }
  }
}
