// Meta is who wrote what when, in the fewest bytes that can be had simply. It is read beside
// the value, so it repeats neither the value nor the keys in it. META.md beside the vectors has
// the format. Who reads it again is a Decoder, whose methods have the same names in the same
// order.

/** @import { Document, Mark } from './document.js' */
/** @import { Node } from './node.js' */
/** @import { Extent } from './trash.js' */

import { changeText } from './change.js'
import { ConflictField } from './conflict.js'
import { Ensured } from './ensure.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { writeFields, writeHidden } from './metafields.js'
import { RegisterField } from './register.js'
import { millis, parseDot } from './stamp.js'
import { Writer } from './wire.js'

export const VERSION = 1

/** What the flags of a document say. */
export const FLAG = { exists: 1, trash: 2, edits: 4, held: 8, hidden: 16, floor: 32, end: 64 }

/**
 * The meta of a document. Equal documents give equal bytes.
 * @param {Document} d
 */
export const encodeMeta = d => new Encoder(d).document()

/** Writes the meta of one document. */
export class Encoder extends Writer {
  /**
   * How many registers have a stamp; ascending once counted.
   * @type {Map<string, number>}
   */
  uses = new Map()
  /**
   * Where each stamp stands in the table.
   * @type {Map<string, number>}
   */
  stamps = new Map()
  /** The stamp that most registers have. */
  usual = ''
  /** @type {Set<string>} */
  mentioned

  /** @param {Document} doc */
  constructor (doc) {
    super()
    this.doc = doc
    this.mentioned = new Set(doc.marks.keys())
  }

  document () {
    const { doc } = this
    this.survey()
    const hidden = [...doc.root.children.values()].filter(field => !field.shows()).length
    const gaps = [...doc.marks].map(([replica, m]) => /** @type {[string, number]} */ ([replica, m.n - (doc.edits?.get(replica) ?? 0)])).filter(([, gap]) => gap)
    this.bytes.push(VERSION, (doc.created ? FLAG.exists : 0) | (doc.cover ? FLAG.trash : 0) | (gaps.length ? FLAG.edits : 0) |
      (doc.held.length ? FLAG.held : 0) | (hidden ? FLAG.hidden : 0) | (doc.floor ? FLAG.floor : 0))
    const replicas = [...this.mentioned].sort()
    this.table(replicas)
    for (const replica of replicas) {
      const { n, seq } = doc.mark(replica)
      this.number(n)
      this.number(seq)
    }
    if (doc.cover) this.vector(doc.cover)
    if (gaps.length) this.editGaps(gaps)
    if (doc.floor) this.floor(doc.floor)
    this.stampTable()
    writeFields(this, doc.root)
    if (hidden) writeHidden(this, doc.root, hidden)
    if (doc.held.length) this.number(doc.held.length)
    for (const c of doc.held) this.text(changeText(c))
    return new Uint8Array(this.bytes)
  }

  /** @param {string} dot */
  dot (dot) {
    const { replica, seq } = /** @type {import('./stamp.js').Dot} */ (parseDot(dot))
    this.packed(seq, replica)
  }

  /**
   * Writes the place of a stamp with a flag.
   * @param {string} stamp
   * @param {boolean} flag
   */
  stamp (stamp, flag) { this.number((this.stamps.get(stamp) ?? NaN) * 2 + (flag ? 1 : 0)) }

  /**
   * Writes what was seen as distances from what the document has seen, which are small.
   * @param {Extent} v
   */
  vector (v) {
    this.number(v.size)
    for (const replica of [...v.keys()].sort()) {
      this.number(this.place(replica))
      this.signed(this.doc.mark(replica).n - (v.get(replica) ?? 0))
    }
  }

  /** @param {[string, number][]} gaps */
  editGaps (gaps) {
    this.number(gaps.length)
    for (const [replica, gap] of gaps.sort()) {
      this.number(this.place(replica))
      this.number(gap)
    }
  }

  /**
   * Writes up to where the document was compacted, for the replicas that wrote since.
   * @param {Map<string, Mark>} floor
   */
  floor (floor) {
    const moved = [...this.doc.marks].map(([replica, m]) => {
      const was = floor.get(replica)
      return { replica, n: m.n - (was?.n ?? 0), seq: m.seq - (was?.seq ?? 0) }
    }).filter(m => m.n || m.seq).sort((a, b) => a.replica < b.replica ? -1 : 1)
    this.number(moved.length)
    for (const { replica, n, seq } of moved) {
      this.number(this.place(replica))
      this.number(n)
      this.number(seq)
    }
  }

  /** Writes the stamps and which of them is the usual one. */
  stampTable () {
    this.number(this.uses.size)
    let last = 0
    let most = -1
    for (const [stamp, uses] of this.uses) {
      const ms = millis(stamp)
      const counter = parseInt(stamp.slice(13, 17), 16)
      this.packed(ms - last, stamp.slice(17), 1, counter > 0)
      if (counter) this.number(counter)
      last = ms
      this.stamps.set(stamp, this.stamps.size)
      if (uses > most) this.usual = stamp
      most = Math.max(most, uses)
    }
    if (this.uses.size > 1) this.number(this.stamps.get(this.usual) ?? 0)
  }

  /** Finds the replicas and stamps that will be mentioned. */
  survey () {
    this.surveyVector(this.doc.cover)
    this.surveyField(this.doc.root)
    this.uses = new Map([...this.uses].sort((a, b) => a[0] < b[0] ? -1 : 1))
    for (const stamp of this.uses.keys()) this.mentioned.add(stamp.slice(17))
  }

  /** @param {Extent} [v] */
  surveyVector (v) { if (v) for (const replica of v.keys()) this.mentioned.add(replica) }

  /**
   * Notes the stamps in a field. Only registers can do without naming theirs, so only they say
   * which is usual.
   * @param {Node} [at]
   */
  surveyField (at) {
    if (at instanceof RegisterField) return this.mention(at.stamp, 1)
    if (at instanceof ConflictField) for (const c of at.candidates) this.mention(c.stamp)
    else if (at instanceof MapField) for (const field of at.children.values()) this.surveyField(field)
    else if (at instanceof ListField) {
      for (const row of at.rows.values()) {
        this.mention(row.at)
        this.surveyVector(row.cover)
        this.surveyField(row.content)
      }
    }
    if (at instanceof Ensured) this.mention(at.said)
  }

  /**
   * Notes a stamp, if there is one.
   * @param {string} stamp
   */
  mention (stamp, uses = 0) {
    if (stamp) this.uses.set(stamp, (this.uses.get(stamp) ?? 0) + uses)
  }
}

