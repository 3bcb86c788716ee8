// Yjs. History is kept whole: what was deleted is not thrown away (gc: false).
import * as Y from 'yjs'

export class Replica {
  #doc
  #text
  #unsent = []

  constructor (agent = 0) {
    this.#doc = new Y.Doc({ gc: false })
    this.#doc.clientID = agent + 1
    this.#text = this.#doc.getText('text')
  }

  static load (bytes) {
    const r = new Replica(1000) // whoever goes on writing after a load is somebody new
    Y.applyUpdateV2(r.#doc, bytes)
    return r
  }

  edit (patches) {
    for (const [at, deleted, inserted] of patches) {
      if (deleted > 0) this.#text.delete(at, deleted)
      if (inserted !== '') this.#text.insert(at, inserted)
    }
  }

  /** In transactions of 100 edits: measured, the quickest. */
  replay (edits) {
    for (let i = 0; i < edits.length; i += 100) {
      this.#doc.transact(() => this.edit(edits.slice(i, i + 100)))
    }
  }

  replayUpdates (edits) {
    let bytes = 0
    this.#doc.on('update', update => { bytes += update.length })
    for (const e of edits) this.#doc.transact(() => this.edit([e]))
    return bytes
  }

  keepUnsent () {
    this.#doc.on('update', (update, origin) => { if (origin !== 'remote') this.#unsent.push(update) })
  }

  write (edits) { this.#doc.transact(() => this.edit(edits)) }

  send () {
    const message = this.#unsent.length === 1 ? this.#unsent[0] : Y.mergeUpdates(this.#unsent)
    this.#unsent = []
    return message
  }

  receive (message) { Y.applyUpdate(this.#doc, message, 'remote') }

  text () { return this.#text.toString() }
  save () { return Y.encodeStateAsUpdateV2(this.#doc) }

  /** Without what was deleted: text and identities only. */
  saveState () {
    const collected = new Y.Doc()
    Y.applyUpdateV2(collected, this.save())
    return Y.encodeStateAsUpdateV2(collected)
  }

  free () { this.#doc.destroy() }
}
