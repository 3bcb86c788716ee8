// One record: who wrote what when, and the value that follows from it.

/** @import { Change, Op } from './change.js' */
/** @import { Author, Node } from './node.js' */
/** @import { Candidate } from './conflict.js' */
/** @import { Extent } from './trash.js' */
/** @import { Plan } from './plan.js' */
/** @import { Value } from './value.js' */

import { canonical } from './canonical.js'
import { makes } from './change.js'
import { Checker } from './check.js'
import { ConflictField } from './conflict.js'
import { Editor } from './editor.js'
import { hold, release } from './held.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { decodeMeta, encodeMeta } from './meta.js'
import { missing } from './missing.js'
import { step, strategyAt, strategyOf } from './node.js'
import { anchorAt, indexOf } from './anchor.js'
import { dotOf } from './run.js'
import { inOrder } from './search.js'
import { TextField } from './text.js'
import { covered, raise, raiseTo } from './trash.js'

/**
 * The n of a replica's last change in a document and the number of its last element. Changes of
 * one replica come in their order and so do their elements, so an element up to the mark that
 * is not there was removed.
 * @typedef {{ n: number, seq: number }} Mark
 */

/**
 * A conflict field whose values nobody has picked from: all of them, the one that shows first.
 * @typedef {{ path: string[], values: Candidate[] }} Disagreement
 */

/** @type {Mark} */
const NONE = { n: 0, seq: 0 }

/** A document owns all it holds; what it was given and what it gives may be shared read only. */
export class Document {
  /** A creation has come. */
  created = false
  /**
   * How much of each replica it holds.
   * @type {Map<string, Mark>}
   */
  marks = new Map()
  /**
   * What the deletions saw, and the last change of each replica that edited: see trash.js.
   * @type {Extent | undefined}
   */
  cover = undefined
  /** @type {Extent | undefined} */
  edits = undefined
  root = new MapField()
  /**
   * What compaction has folded away is up to here; undefined: there was none.
   * @type {Map<string, Mark> | undefined}
   */
  floor = undefined
  /**
   * Changes that lean on what has not come, by replica, then n.
   * @type {Change[]}
   */
  held = []

  /**
   * Joins what encode split. Throws when the two do not fit.
   * @param {string | { [key: string]: Value }} value
   * @param {Uint8Array} meta
   */
  static decode (value, meta) {
    const d = new Document()
    decodeMeta(d, typeof value === 'string' ? JSON.parse(value) : value, meta)
    return d
  }

  /** The value as canonical JSON, and who wrote what when. Equal documents give equal bytes. */
  encode () { return { value: canonical(this.value()), meta: encodeMeta(this) } }

  /** The record as people read it. It stays as it is when the document moves on. */
  value () { return this.root.object() }

  /** Whether a creation has come. */
  exists () { return this.created }

  /** Whether the document is in the trash: a deletion has come, and every edit was seen by one. */
  deleted () { return covered(this.cover, this.edits) }

  /** @param {string} replica */
  mark (replica) { return this.marks.get(replica) ?? NONE }

  /**
   * Whether an element has come, be it removed since.
   * @param {string} dot
   */
  has (dot) { return isUpTo(this.marks, dot) }

  /** The n of the last change of each replica that the document holds. The caller owns it. */
  seen () { return Object.fromEntries([...this.marks].map(([replica, m]) => [replica, m.n])) }

  /**
   * The number of the next element that a replica may make here.
   * @param {string} replica
   */
  nextID (replica) { return this.mark(replica).seq + 1 }

  clone () {
    return Object.assign(new Document(), this, { marks: new Map(this.marks), root: this.root.clone(), held: this.held.slice() })
  }

  /**
   * Takes a change in. One that leans on what has not come is held, and applied by the call
   * that brings the last thing it waits for; one that is there already changes nothing. Throws
   * an OpError, and changes nothing, if it can never be applied here.
   * @param {Change} c as changeFromValue gives it
   * @returns {'applied' | 'duplicate' | 'held'}
   */
  apply (c) {
    if (c.n <= this.mark(c.replica).n) return 'duplicate'
    this.check(c)
    if (this.missing(c)) {
      hold(this, c)
      return 'held'
    }
    this.take(c)
    release(this)
    return 'applied'
  }

  /**
   * Throws an OpError unless apply would not: kinds fit the fields, element numbers are new. It
   * does not judge what is missing, and changes nothing.
   * @param {Change} c
   */
  check (c) {
    const wrong = new Checker(this, c).change()
    if (wrong) throw wrong
  }

  /**
   * The first thing a change leans on that the document does not have; null when it can be
   * applied now.
   * @param {Change} c
   */
  missing (c) { return missing(this, c) }

  /**
   * Applies a change that was checked and misses nothing.
   * @param {Change} c
   */
  take (c) {
    const { n, replica } = c
    const by = { stamp: c.stamp + replica, replica, n, first: this.mark(replica).seq }
    this.marks.set(replica, { n, seq: by.first })
    for (const op of c.ops) this.perform(op, by)
    if (c.ops.some(op => op.kind !== 'delete')) this.edits = raiseTo(this.edits, replica, n)
  }

  /**
   * Applies one operation of a change.
   * @param {Op} op
   * @param {Author} by
   */
  perform (op, by) {
    if (op.kind === 'create') this.created = true
    else if (op.kind === 'delete') {
      this.cover = raiseTo(raise(this.cover, Object.entries(op.saw)), by.replica, by.n)
    } else if (op.path) {
      this.reach(op, by).apply(op, by)
      const made = makes(op)
      if (made && 'id' in op) this.marks.set(by.replica, { n: by.n, seq: op.id + made - 1 })
    }
  }

  /**
   * The field an operation is for. It makes what is missing on the way, and notes the edit at
   * every row it passes.
   * @param {Op & { path: string[] }} op
   * @param {Author} by
   * @returns {Node}
   */
  reach (op, by) {
    /** @type {Node} */
    let at = this.root
    const last = strategyOf(op)
    for (const [i, segment] of op.path.entries()) {
      const next = strategyAt(op.path, i, last)
      if (at instanceof MapField) at = at.childOf(segment, next)
      else if (at instanceof ListField) {
        at.row(segment).edit(by)
        at = at.row(segment).inside(next)
      }
    }
    return at
  }

  /**
   * The field at path, undefined if nobody wrote to it.
   * @param {string[]} path
   */
  find (path) { return path.reduce(step, /** @type {Node | undefined} */ (this.root)) }

  /**
   * The rows of the list at path in order, each with its name; none if there is no list.
   * @param {string[]} path
   */
  rows (path) {
    const f = this.find(path)
    return f instanceof ListField ? f.visible().map(row => ({ id: row.id, value: row.value() })) : []
  }

  /**
   * The text at path, '' if there is none.
   * @param {string[]} path
   */
  text (path) {
    const f = this.find(path)
    return f instanceof TextField ? f.string() : ''
  }

  /**
   * The name of the place behind the first index units of the text at path: it stays where it
   * is whatever others type. '' is the start.
   * @param {string[]} path
   * @param {number} index
   */
  anchor (path, index) {
    const f = this.find(path)
    return f instanceof TextField ? anchorAt(f, index) : ''
  }

  /**
   * Where in the text at path, in UTF-16 units, the place is that anchor gave; where what stood
   * before it was, if that was removed; -1 if the text has never heard of it, or no more.
   * @param {string[]} path
   * @param {string} anchor
   */
  indexOf (path, anchor) {
    const f = this.find(path)
    return anchor ? f instanceof TextField ? indexOf(f, anchor) : -1 : 0
  }

  /**
   * The conflict fields that wait for a pick, by path.
   * @returns {Disagreement[]}
   */
  disagreements () {
    /** @type {Disagreement[]} */
    const found = []
    collect(this.root, [], found)
    return found
  }

  /**
   * Starts a change of a replica.
   * @param {string} replica
   * @param {Plan} [plan] absent: what was not written yet is a register
   */
  edit (replica, plan) { return new Editor(this, replica, plan) }
}

/**
 * @param {Node | undefined} at
 * @param {string[]} path
 * @param {Disagreement[]} found
 */
function collect (at, path, found) {
  if (at instanceof ConflictField && at.candidates.length > 1) found.push({ path, values: at.list() })
  else if (at instanceof MapField) for (const [key, field] of at.ordered()) collect(field, [...path, key], found)
  else if (at instanceof ListField) for (const [, row] of inOrder(at.rows)) if (row.alive()) collect(row.content, [...path, row.id], found)
}

/**
 * Whether an element is not behind the marks.
 * @param {Map<string, Mark>} marks
 * @param {string} dot
 */
export function isUpTo (marks, dot) {
  const { replica, seq } = dotOf(dot)
  return seq <= (marks.get(replica) ?? NONE).seq
}
