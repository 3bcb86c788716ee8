// Loro. Bytes with history are its snapshot, without it its shallow snapshot.
import { LoroDoc, VersionVector } from 'loro-crdt'

export class Replica {
  #doc
  #text
  #sent = 0 // how many of this replica's own operations the messages so far hold

  constructor (agent = 0, doc = new LoroDoc()) {
    this.#doc = doc
    doc.setPeerId(BigInt(agent + 1))
    this.#text = doc.getText('text')
  }

  static load (bytes) {
    return new Replica(1000, LoroDoc.fromSnapshot(bytes)) // whoever goes on writing is somebody new
  }

  edit (patches) {
    for (const [at, deleted, inserted] of patches) {
      if (deleted > 0) this.#text.delete(at, deleted)
      if (inserted !== '') this.#text.insert(at, inserted)
    }
  }

  /** With one commit: measured, the quickest. */
  replay (edits) {
    this.edit(edits)
    this.#doc.commit()
  }

  replayUpdates (edits) {
    let bytes = 0
    const stop = this.#doc.subscribeLocalUpdates(update => { bytes += update.length })
    for (const e of edits) {
      this.edit([e])
      this.#doc.commit()
    }
    stop()
    return bytes
  }

  keepUnsent () {}

  write (edits) { this.edit(edits) }

  send () {
    this.#doc.commit()
    const known = this.#doc.oplogVersion().toJSON()
    const me = this.#doc.peerIdStr
    const own = known.get(me)
    if (this.#sent > 0) known.set(me, this.#sent)
    else known.delete(me)
    this.#sent = own
    return this.#doc.export({ mode: 'update', from: new VersionVector(known) })
  }

  receive (message) { this.#doc.import(message) }

  text () { return this.#text.toString() }
  save () { return this.#doc.export({ mode: 'snapshot' }) }
  saveState () { return this.#doc.export({ mode: 'shallow-snapshot', frontiers: this.#doc.frontiers() }) }
  free () { this.#doc.free() }
}
