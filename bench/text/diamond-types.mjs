// diamond-types, in WebAssembly.
import diamond from 'diamond-types-node'

export class Replica {
  #doc
  #known // what those who get the next message have already

  constructor (agent = 0, doc = new diamond.Doc(`agent-${agent}`)) {
    this.#doc = doc
    this.#known = doc.getLocalVersion()
  }

  static load (bytes) {
    return new Replica(1000, diamond.Doc.fromBytes(bytes, 'agent-1000')) // whoever goes on writing is somebody new
  }

  edit (patches) {
    for (const [at, deleted, inserted] of patches) {
      if (deleted > 0) this.#doc.del(at, deleted)
      if (inserted !== '') this.#doc.ins(at, inserted)
    }
  }

  replay (edits) { this.edit(edits) }

  replayUpdates (edits) {
    let bytes = 0
    for (const e of edits) {
      const before = this.#doc.getLocalVersion()
      this.edit([e])
      bytes += this.#doc.getPatchSince(before).length
    }
    return bytes
  }

  keepUnsent () {}

  write (edits) { this.edit(edits) }

  send () {
    const message = this.#doc.getPatchSince(this.#known)
    this.#known = this.#doc.getLocalVersion()
    return message
  }

  receive (message) { this.#known = this.#doc.mergeVersions(this.#known, this.#doc.mergeBytes(message)) }

  text () { return this.#doc.get() }
  save () { return this.#doc.toBytes() }
  free () { this.#doc.free() }
}
