// Meta is who wrote what when, in the fewest bytes that can be had simply. It is read beside
// the value, so it repeats neither the value nor the keys in it. META.md beside the vectors has
// the format. Who reads it again is a Decoder, whose methods have the same names in the same
// order.

/** @import { Document } from './document.js' */
/** @import { Node } from './node.js' */
/** @import { Extent } from './trash.js' */

import { changeText } from './change.js'
import { ConflictField } from './conflict.js'
import { Ensured } from './ensure.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { countHidden, writeFields } from './metafields.js'
import { RegisterField } from './register.js'
import { dotOf } from './run.js'
import { inOrder } from './search.js'
import { millis } from './stamp.js'
import { Writer, bits } from './wire.js'

/**
 * The meta of a document. Equal documents give equal bytes.
 * @param {Document} d
 */
export const encodeMeta = d => new Encoder(d).document()

/** Writes the meta of one document. */
export class Encoder extends Writer {
  /**
   * How many registers have a stamp.
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

  /** @param {Document} doc */
  constructor (doc) {
    super()
    this.doc = doc
    /** The replicas that are mentioned. */
    this.mentioned = new Set(doc.marks.keys())
  }

  document () {
    const { doc } = this
    const { cover, edits, floor, held, root } = doc
    this.surveyVector(cover)
    this.surveyField(root)
    for (const stamp of this.uses.keys()) this.mentioned.add(stamp.slice(17))
    const replicas = [...this.mentioned].sort()
    const marks = replicas.map(replica => doc.mark(replica))
    const gaps = replicas.map((replica, place) => [place, marks[place].n - (edits?.get(replica) ?? 0)]).filter(([, gap]) => gap)
    const hidden = countHidden(root)
    this.bytes.push(1, bits(doc.created, cover, gaps.length, held.length, hidden, floor))
    this.table(replicas)
    for (const { n, seq } of marks) this.numbers([n, seq])
    if (cover) this.vector(cover)
    if (gaps.length) this.rows(gaps)
    if (floor) {
      const last = replicas.map(replica => floor.get(replica))
      this.rows(marks.map(({ n, seq }, place) => [place, n - (last[place]?.n ?? 0), seq - (last[place]?.seq ?? 0)]).filter(([, n, seq]) => n + seq))
    }
    this.stampTable()
    writeFields(this, root, hidden)
    if (held.length) this.number(held.length)
    for (const c of held) this.text(changeText(c))
    return new Uint8Array(this.bytes)
  }

  /**
   * Writes how many rows there are and the numbers in them.
   * @param {number[][]} rows
   */
  rows (rows) { this.numbers([rows.length, ...rows.flat()]) }

  /** @param {string} dot */
  dot (dot) {
    const { replica, seq } = dotOf(dot)
    this.packed(seq, replica)
  }

  /**
   * Writes the place of a stamp with a flag.
   * @param {string} stamp
   * @param {boolean} [flag]
   */
  stamp (stamp, flag) { this.number((this.stamps.get(stamp) ?? NaN) * 2 + bits(flag)) }

  /**
   * Writes what was seen as distances from what the document has seen, which are small.
   * @param {Extent} v
   */
  vector (v) {
    this.number(v.size)
    for (const [replica, n] of inOrder(v)) {
      this.number(this.place(replica))
      this.signed(this.doc.mark(replica).n - n)
    }
  }

  /** Writes the stamps and which of them is the usual one. */
  stampTable () {
    this.number(this.uses.size)
    let last = 0
    let most = -1
    for (const [stamp, uses] of inOrder(this.uses)) {
      const ms = millis(stamp)
      const counter = parseInt(stamp.slice(13, 17), 16)
      this.packed(ms - last, stamp.slice(17), 1, counter)
      if (counter) this.number(counter)
      last = ms
      this.stamps.set(stamp, this.stamps.size)
      if (uses > most) {
        most = uses
        this.usual = stamp
      }
    }
    if (this.uses.size > 1) this.number(this.stamps.get(this.usual) ?? 0)
  }

  /** @param {Extent} [v] */
  surveyVector (v) { if (v) for (const replica of v.keys()) this.mentioned.add(replica) }

  /**
   * Notes the stamps in a field. Only registers can do without naming theirs, so only they say
   * which is usual.
   * @param {Node} [at]
   */
  surveyField (at) {
    if (at instanceof RegisterField) this.mention(at.stamp, 1)
    else if (at instanceof ConflictField) for (const c of at.candidates) this.mention(c.stamp)
    else if (at instanceof Ensured) {
      this.mention(at.said)
      if (at instanceof MapField) for (const field of at.children.values()) this.surveyField(field)
      if (at instanceof ListField) {
        for (const row of at.rows.values()) {
          this.mention(row.at)
          this.surveyVector(row.cover)
          this.surveyField(row.content)
        }
      }
    }
  }

  /**
   * Notes a stamp, if there is one.
   * @param {string} stamp
   */
  mention (stamp, uses = 0) {
    if (stamp) this.uses.set(stamp, (this.uses.get(stamp) ?? 0) + uses)
  }
}
