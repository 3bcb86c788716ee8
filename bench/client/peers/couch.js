// As much of CouchDB's protocol as PouchDB's replication asks for: documents with all
// their leaf revisions, of which the one with the longest history wins.

import { createHash } from 'node:crypto'

export class CouchRoom {
  #documents = new Map() // id -> Map of leaf revision -> {ids, body}
  #changes = new Map() // id -> seq, in the order of seq
  #local = new Map()
  #seq = 0

  constructor (orders) {
    for (const { id, ...body } of orders) this.#add(id, [hash(body)], body)
  }

  edit (id, fields) {
    const [[rev, { ids, body }]] = this.#documents.get(id)
    const next = { ...body, ...fields }
    this.#add(id, [hash([rev, next]), ...ids], next)
  }

  /** Adds a revision with its history, newest first. */
  #add (id, ids, body) {
    const leaves = this.#documents.get(id) ?? new Map()
    const known = new Set([...leaves.values()].flatMap((leaf) => leaf.ids))
    if (known.has(ids[0])) return
    for (const [rev, leaf] of leaves) if (ids.includes(leaf.ids[0])) leaves.delete(rev)
    leaves.set(`${ids.length}-${ids[0]}`, { ids, body })
    this.#documents.set(id, leaves)
    this.#changes.delete(id)
    this.#changes.set(id, ++this.#seq)
  }

  answer (method, path, query, body) {
    const [what, ...rest] = path
    const asked = body.length ? JSON.parse(body) : {}
    switch (what) {
      case undefined: case '': return { json: { db_name: 'bench', update_seq: this.#seq, doc_count: this.#documents.size, instance_start_time: '0' } }
      case '_local': return this.#checkpoint(method, rest.join('/'), asked)
      case '_changes': return { json: this.#since(Number(query.get('since') || 0), Number(query.get('limit') || 1000)) }
      case '_bulk_get': return { json: { results: asked.docs.map(({ id, rev }) => ({ id, docs: [this.#get(id, rev)] })) } }
      case '_revs_diff': return { json: this.#missing(asked) }
      case '_bulk_docs':
        for (const { _id, _rev, _revisions, ...fields } of asked.docs) this.#add(_id, _revisions.ids, fields)
        return { status: 201, json: [] }
    }
    return { status: 404, json: { error: 'not_found' } }
  }

  #checkpoint (method, id, document) {
    if (method === 'PUT') {
      this.#local.set(id, { ...document, _rev: '0-1' })
      return { status: 201, json: { ok: true, id, rev: '0-1' } }
    }
    const found = this.#local.get(id)
    return found ? { json: found } : { status: 404, json: { error: 'not_found', reason: 'missing' } }
  }

  #since (since, limit) {
    const results = []
    for (const [id, seq] of this.#changes) {
      if (seq <= since) continue
      results.push({ seq, id, changes: [...this.#documents.get(id).keys()].sort().reverse().map((rev) => ({ rev })) })
      if (results.length === limit) break
    }
    return { results, last_seq: results.at(-1)?.seq ?? this.#seq, pending: 0 }
  }

  #get (id, rev) {
    const leaf = this.#documents.get(id)?.get(rev)
    if (!leaf) return { error: { id, rev, error: 'not_found', reason: 'missing' } }
    return { ok: { _id: id, _rev: rev, _revisions: { start: leaf.ids.length, ids: leaf.ids }, ...leaf.body } }
  }

  #missing (asked) {
    const answer = {}
    for (const [id, revs] of Object.entries(asked)) {
      const known = new Set([...(this.#documents.get(id)?.values() ?? [])].flatMap((leaf) => leaf.ids))
      const missing = revs.filter((rev) => !known.has(rev.split('-')[1]))
      if (missing.length) answer[id] = { missing }
    }
    return answer
  }
}

const hash = (value) => createHash('md5').update(JSON.stringify(value)).digest('hex')
