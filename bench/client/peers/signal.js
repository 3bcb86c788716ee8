// A REST server as SignalDB's documentation has it: all items, or what changed since a
// time; and items that are put whole.

export class SignalRoom {
  #items = new Map() // id -> {item, at}

  constructor (orders) {
    for (const order of orders) this.#items.set(order.id, { item: order, at: 0 })
  }

  edit (id, fields) { this.#put({ ...this.#items.get(id).item, ...fields }) }

  #put (item) { this.#items.set(item.id, { item, at: Date.now() }) }

  answer (method, _, query, body) {
    if (method === 'POST') {
      const { added, modified, removed } = JSON.parse(body)
      for (const item of [...added, ...modified]) this.#put(item)
      for (const { id } of removed) this.#items.delete(id)
      return { json: {} }
    }
    const since = Number(query.get('since'))
    const all = [...this.#items.values()]
    if (!since) return { json: { items: all.map(({ item }) => item) } }
    return { json: { changes: { added: [], modified: all.filter(({ at }) => at >= since).map(({ item }) => item), removed: [] } } }
  }
}
