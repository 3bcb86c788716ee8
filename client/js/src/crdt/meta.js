// Meta is who wrote what when, in the fewest bytes that can be had simply. It is read beside
// the value, so it repeats neither the value nor the keys in it: meta says what each field is,
// and the value what it shows. META.md beside the vectors has the format. What reads and what
// writes is the same code, see wire.js.
//
// A document is read from the device's own store or from its server, so the reader sees to it
// that value and meta fit and that nothing is left over, not that a stranger has kept to every
// rule of the format.

/** @import { Document } from './document.js' */
/** @import { Node } from './node.js' */
/** @import { Extent } from './trash.js' */
/** @import { Value } from './value.js' */

import { changeText } from './change.js'
import { ConflictField } from './conflict.js'
import { Ensured } from './ensure.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { codeFields, codeHidden, hiddenKeys } from './metafields.js'
import { RegisterField } from './register.js'
import { dotOf, textOf } from './run.js'
import { inOrder } from './search.js'
import { millis, newTime } from './stamp.js'
import { raiseTo } from './trash.js'
import { Wire, bits } from './wire.js'

/**
 * The meta of a document. Equal documents give equal bytes.
 * @param {Document} doc
 */
export function encodeMeta (doc) {
  const coder = new Coder(doc)
  coder.survey()
  coder.document()
  return new Uint8Array(coder.written)
}

/**
 * Makes a document that nobody has written to what its value and its meta say.
 * @param {Document} doc
 * @param {{ [key: string]: Value }} value
 * @param {Uint8Array} meta
 */
export function decodeMeta (doc, value, meta) {
  /** @type {Coder} */
  const coder = new Coder(doc, meta)
  coder.document(value)
  coder.need(coder.at === meta.length)
}

/** Reads or writes the meta of one document. */
export class Coder extends Wire {
  /**
   * Ascending.
   * @type {string[]}
   */
  stamps = []
  /** The stamp that most registers have. */
  usual = ''

  /**
   * @param {Document} doc
   * @param {Uint8Array} [meta] to be read
   */
  constructor (doc, meta) {
    super(meta)
    this.doc = doc
  }

  /** @param {Value} [value] to be read beside the meta */
  document (value) {
    const { doc } = this
    const gaps = this.replicas.map((replica, i) => [i, doc.mark(replica).n - (doc.edits?.get(replica) ?? 0)]).filter(([, gap]) => gap)
    this.need(this.byte(1) === 1) // the version
    const flags = this.byte(bits(doc.created, doc.cover, gaps.length, doc.held.length, hiddenKeys(doc.root).length, doc.floor))
    this.need(flags < 64)
    doc.created = (flags & 1) > 0
    this.table()
    for (const replica of this.replicas) this.mark(replica)
    if (flags & 2) doc.cover = this.vector(doc.cover)
    this.edits(flags & 4 ? this.rows(gaps, 2) : [])
    if (flags & 32) this.floor()
    this.stampTable()
    codeFields(this, doc.root, value)
    if (flags & 16) codeHidden(this, doc.root)
    if (flags & 8) doc.held = this.list(doc.held, c => JSON.parse(this.text(c && changeText(c))))
  }

  /** @param {string} replica */
  mark (replica) {
    const { n, seq } = this.doc.mark(replica)
    const m = { n: this.number(n), seq: this.number(seq) }
    if (m.n) this.doc.marks.set(replica, m)
  }

  /**
   * Rows of so many numbers.
   * @param {number[][]} rows
   * @param {number} width
   */
  rows (rows, width) { return this.list(rows, row => Array.from({ length: width }, (_, i) => this.number(row?.[i]))) }

  /**
   * An element, which must have come.
   * @param {string} [dot]
   */
  dot (dot) {
    const d = dot ? dotOf(dot) : undefined
    const seq = this.packed(d?.seq, d?.replica)
    return this.came(this.replica, seq)
  }

  /**
   * @param {string} replica
   * @param {number} seq
   */
  came (replica, seq) {
    this.need(seq && seq <= this.doc.mark(replica).seq)
    return textOf({ replica, seq })
  }

  /** A stamp by its place, with a flag that is left in this.flag. */
  stamp (stamp = '', flag = false) {
    const n = this.number((this.places.get(stamp) ?? 0) * 2 + bits(flag))
    this.flag = n % 2 > 0
    this.need(n < 2 * this.stamps.length)
    return this.stamps[n >> 1]
  }

  /**
   * What was seen, as distances from what the document has seen, which are small.
   * @param {Extent} [v]
   * @returns {Extent}
   */
  vector (v) {
    return new Map(this.list(v && inOrder(v), e => {
      const replica = this.named(e?.[0])
      const { n } = this.doc.mark(replica)
      return [replica, n - this.near(0, e && n - e[1])]
    }))
  }

  /**
   * The last edit of each replica: its last change, less the gap if one is written.
   * @param {number[][]} gaps by the places of the replicas
   */
  edits (gaps) {
    const { doc } = this
    const back = new Map(gaps.map(([place, gap]) => [this.replicaAt(place), gap]))
    for (const [replica, { n }] of doc.marks) doc.edits = raiseTo(doc.edits, replica, n - (back.get(replica) ?? 0))
  }

  /** Up to where the document was compacted, for the replicas that wrote since. */
  floor () {
    const { doc, replicas } = this
    const since = replicas.map((replica, i) => {
      const now = doc.mark(replica)
      const was = doc.floor?.get(replica)
      return [i, now.n - (was?.n ?? 0), now.seq - (was?.seq ?? 0)]
    })
    const floor = new Map(doc.marks)
    for (const [place, n, seq] of this.rows(since.filter(([, n, seq]) => n + seq), 3)) {
      const replica = this.replicaAt(place)
      const now = doc.mark(replica)
      this.need(n <= now.n && seq <= now.seq)
      if (n < now.n) floor.set(replica, { n: now.n - n, seq: now.seq - seq })
      else floor.delete(replica)
    }
    doc.floor = floor
  }

  /** The stamps and which of them is the usual one. */
  stampTable () {
    let last = 0
    this.stamps = this.list(this.stamps, (stamp = '0', i) => {
      const counter = parseInt(stamp.slice(13, 17), 16)
      last += this.packed(millis(stamp) - last, stamp.slice(17), 1, counter > 0)
      stamp = newTime(last, this.flag ? this.number(counter) : 0) + this.replica
      this.places.set(stamp, i)
      return stamp
    })
    this.usual = this.stamps[this.stamps.length > 1 ? this.number(this.places.get(this.usual)) : 0]
  }

  /** Finds the replicas and stamps that will be written. */
  survey () {
    const { doc } = this
    const replicas = new Set([...doc.marks.keys(), ...doc.cover?.keys() ?? []])
    /** @type {Map<string, number>} */
    const uses = new Map()
    survey(doc.root, uses, replicas)
    let most = -1
    for (const [stamp, n] of inOrder(uses)) {
      this.stamps.push(stamp)
      replicas.add(stamp.slice(17))
      if (n > most) this.usual = stamp
      most = Math.max(most, n)
    }
    this.replicas = [...replicas].sort()
  }
}

/**
 * Notes the stamps in a field, how many registers have each, and the replicas that nothing else
 * may mention. Only registers can do without naming their stamps, so only they say which is
 * usual.
 * @param {Node | undefined} at
 * @param {Map<string, number>} uses
 * @param {Set<string>} replicas
 */
function survey (at, uses, replicas) {
  const mention = (/** @type {string} */ stamp, n = 0) => { if (stamp) uses.set(stamp, (uses.get(stamp) ?? 0) + n) }
  if (at instanceof RegisterField) mention(at.stamp, 1)
  if (at instanceof ConflictField) for (const c of at.candidates) mention(c.stamp)
  if (at instanceof Ensured) mention(at.said)
  if (at instanceof MapField) for (const field of at.children.values()) survey(field, uses, replicas)
  if (at instanceof ListField) {
    for (const row of at.rows.values()) {
      mention(row.at)
      for (const replica of row.cover?.keys() ?? []) replicas.add(replica)
      survey(row.content, uses, replicas)
    }
  }
}
