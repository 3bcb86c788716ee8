// Automerge.
import * as Automerge from '@automerge/automerge'

// Replicas that start from one change share the field that it makes.
const start = Automerge.save(Automerge.from({ text: '' }, { actor: '00' }))

export class Replica {
  #doc
  #unsent = []

  constructor (agent = 0, bytes = start) {
    this.#doc = Automerge.load(bytes, { actor: (agent + 1).toString(16).padStart(4, '0') })
  }

  static load (bytes) { return new Replica(1000, bytes) } // whoever goes on writing is somebody new

  edit (patches) {
    this.#doc = Automerge.change(this.#doc, doc => {
      for (const [at, deleted, inserted] of patches) Automerge.splice(doc, ['text'], at, deleted, inserted)
    })
  }

  /** In one change: measured, the quickest. */
  replay (edits) { this.edit(edits) }

  replayUpdates (edits) {
    let bytes = 0
    for (const e of edits) {
      this.edit([e])
      bytes += Automerge.getLastLocalChange(this.#doc).length
    }
    return bytes
  }

  keepUnsent () {}

  write (edits) {
    this.edit(edits)
    this.#unsent.push(Automerge.getLastLocalChange(this.#doc))
  }

  send () {
    const message = this.#unsent
    this.#unsent = []
    return message
  }

  receive (message) { [this.#doc] = Automerge.applyChanges(this.#doc, message) }

  text () { return this.#doc.text }
  save () { return Automerge.save(this.#doc) }
  free () { Automerge.free(this.#doc) }
}
