// Reads what a document was stored as. Value and meta are read side by side: meta says what
// each field is, and the value what it shows. A document is read from the device's own store or
// from its server, so the reader sees to it that the two fit and that nothing is left over, not
// that a stranger has kept to every rule of the format.

/** @import { Document } from './document.js' */
/** @import { Value } from './value.js' */

import { readFields, readHidden } from './metadecodefields.js'
import { dotText, newTime } from './stamp.js'
import { raiseTo } from './trash.js'
import { Reader } from './wire.js'

/**
 * Makes a document that nobody has written to what its value and its meta say.
 * @param {Document} doc
 * @param {{ [key: string]: Value }} value
 * @param {Uint8Array} meta
 */
export const decodeMeta = (doc, value, meta) => new Decoder(doc, meta).document(value)

/** Reads what an Encoder wrote, method by method. */
export class Decoder extends Reader {
  /** @type {string[]} */
  stamps = []
  usual = 0

  /**
   * @param {Document} doc
   * @param {Uint8Array} meta
   */
  constructor (doc, meta) {
    super(meta)
    this.doc = doc
  }

  /** @param {{ [key: string]: Value }} value */
  document (value) {
    const { doc } = this
    this.need(this.byte() === 1) // the version
    const flags = this.byte()
    this.need(flags < 64)
    doc.created = (flags & 1) > 0
    this.table()
    this.marks()
    if (flags & 2) doc.cover = this.vector()
    this.edits(flags & 4)
    if (flags & 32) this.floor()
    this.stampTable()
    readFields(this, doc.root, value, false)
    if (flags & 16) readHidden(this, doc.root)
    if (flags & 8) doc.held = Array.from({ length: this.count(2) }, () => JSON.parse(this.text()))
    this.need(this.at === this.bytes.length)
  }

  marks () {
    for (const replica of this.replicas) {
      const m = { n: this.number(), seq: this.number() }
      if (m.n) this.doc.marks.set(replica, m)
    }
  }

  /** Reads an element, which must have come. */
  dot () {
    const seq = this.packed()
    return this.came(this.replica, seq)
  }

  /**
   * @param {string} replica
   * @param {number} seq
   */
  came (replica, seq) {
    this.need(seq && seq <= this.doc.mark(replica).seq)
    return dotText(replica, seq)
  }

  /** Reads a stamp; its flag is left in this.flag. */
  stamp () {
    const n = this.number()
    this.flag = n % 2 > 0
    this.need(n < 2 * this.stamps.length)
    return this.stamps[n >> 1]
  }

  vector () {
    /** @type {Map<string, number>} */
    const v = new Map()
    for (let i = this.count(2); i > 0; i--) {
      const replica = this.named()
      v.set(replica, this.doc.mark(replica).n - Number(this.signed()))
    }
    return v
  }

  /**
   * Reads the last edit of each replica: its last change, less the gap if one is written.
   * @param {number} gaps
   */
  edits (gaps) {
    const { doc } = this
    const back = new Map()
    if (gaps) for (let i = this.count(2); i > 0; i--) back.set(this.named(), this.number())
    for (const [replica, { n }] of doc.marks) doc.edits = raiseTo(doc.edits, replica, n - (back.get(replica) ?? 0))
  }

  /** Reads up to where the document was compacted. */
  floor () {
    const floor = new Map(this.doc.marks)
    for (let i = this.count(3); i > 0; i--) {
      const replica = this.named()
      const now = this.doc.mark(replica)
      const m = { n: now.n - this.number(), seq: now.seq - this.number() }
      this.need(m.n >= 0 && m.seq >= 0)
      if (m.n) floor.set(replica, m)
      else floor.delete(replica)
    }
    this.doc.floor = floor
  }

  stampTable () {
    let ms = 0
    const n = this.count(1)
    for (let i = 0; i < n; i++) {
      ms += this.packed(1)
      const counter = this.flag ? this.number() : 0
      this.stamps.push(newTime(ms, counter) + this.replica)
    }
    if (n > 1) this.usual = this.number()
    this.need(this.usual < Math.max(n, 1))
  }
}
