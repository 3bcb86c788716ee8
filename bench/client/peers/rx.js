// The server of RxDB's HTTP replication: documents by the order of their last change,
// and pushes that name the state they assume.

export class RxRoom {
  #documents = new Map() // id -> {document, seq}, in the order of seq
  #seq = 0

  constructor (orders) {
    for (const order of orders) this.#put({ ...order, _deleted: false })
  }

  edit (id, fields) { this.#put({ ...this.#documents.get(id).document, ...fields }) }

  #put (document) {
    this.#documents.delete(document.id)
    this.#documents.set(document.id, { document, seq: ++this.#seq })
  }

  answer (method, _, query, body) {
    if (method === 'POST') return { json: JSON.parse(body).map((row) => this.#push(row)).filter(Boolean) }
    const after = Number(query.get('after'))
    const limit = Number(query.get('limit'))
    const page = []
    for (const entry of this.#documents.values()) {
      if (entry.seq > after) page.push(entry)
      if (page.length === limit) break
    }
    return { json: { documents: page.map(({ document }) => document), checkpoint: { seq: page.at(-1)?.seq ?? after } } }
  }

  /** Takes a row, or gives the state that it did not know of. */
  #push ({ newDocumentState, assumedMasterState }) {
    const now = this.#documents.get(newDocumentState.id)?.document
    if (now && JSON.stringify(sorted(now)) !== JSON.stringify(sorted(assumedMasterState ?? {}))) return now
    this.#put(newDocumentState)
    return null
  }
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1))
