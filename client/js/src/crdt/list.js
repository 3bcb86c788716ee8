// A list keeps rows in an order. A row's identity is the dot of the operation that placed it;
// where it stands is a register beside it, which names a slot in the sequence. Moving a row
// makes a new slot and points the row at it, so of two concurrent moves one wins and the row
// never doubles.

/** @import { Author, Node } from './node.js' */
/** @import { Op, Strategy } from './change.js' */
/** @import { Extent } from './trash.js' */
/** @import { Value } from './value.js' */

import { Ensured } from './ensure.js'
import { newNode } from './node.js'
import { dotOf } from './run.js'
import { Sequence } from './sequence.js'
import { insert } from './sequence_insert.js'
import { compareDots, dotText } from './stamp.js'
import { covered, raise, raiseTo } from './trash.js'

/**
 * One row. A removed row keeps its contents: an edit that comes later but that the removal had
 * not seen brings it back whole.
 */
export class Row {
  /** The stamp of the move that put it where it stands, '' if it was never moved. */
  at = ''
  /**
   * undefined: nobody wrote to it, it shows as {}
   * @type {Node | undefined}
   */
  content = undefined
  /**
   * What the removals saw.
   * @type {Extent | undefined}
   */
  cover = undefined
  /**
   * What edited the contents, but for the change that placed the row.
   * @type {Extent | undefined}
   */
  edits = undefined

  /** @param {string} id the dot that placed it */
  constructor (id) {
    this.id = id
    this.slot = id
  }

  /** @returns {Value} */
  value () {
    const v = this.content?.value()
    return v === undefined ? {} : v
  }

  /**
   * Whether the row shows: nobody removed it, or somebody edited its contents in a change that
   * no removal had seen.
   */
  alive () { return !covered(this.cover, this.edits) }

  clone () {
    return Object.assign(new Row(this.id), this, { content: this.content?.clone() })
  }

  /**
   * Notes that a change wrote to the contents. The change that placed the row does not count:
   * every removal has seen that one.
   * @param {Author} by
   */
  edit (by) {
    const { replica, seq } = dotOf(this.id)
    if (replica !== by.replica || seq <= by.first) this.edits = raiseTo(this.edits, by.replica, by.n)
  }

  /**
   * The contents, made if nobody wrote to them.
   * @param {Strategy} s
   */
  inside (s) { return (this.content ??= newNode(s)) }
}

export class ListField extends Ensured {
  /** Of slots; none is ever cut. */
  seq = new Sequence()
  /**
   * By id.
   * @type {Map<string, Row>}
   */
  rows = new Map()
  /**
   * By slot, the rows that no longer stand where they were placed.
   * @type {Map<string, Row>}
   */
  moved = new Map()
  /**
   * All slots in order, undefined: not known.
   * @type {string[] | undefined}
   */
  order = undefined

  get strategy () { return 'list' }

  value () { return this.shows() ? this.visible().map(row => row.value()) : undefined }

  shows () { return !this.hidden || this.visible().length > 0 }

  /** The slots in order, those that rows have left too. */
  slots () { return (this.order ??= this.seq.elements()) }

  /** All rows, removed ones too, in the order they stand. */
  standing () {
    return this.slots().flatMap(slot => this.rowAt(slot) ?? [])
  }

  /**
   * The row at a slot, undefined if it was moved away.
   * @param {string} slot
   */
  rowAt (slot) {
    const row = this.rows.get(slot)
    if (!row) return this.moved.get(slot)
    return row.slot === slot ? row : undefined
  }

  /** The rows that show, in order. */
  visible () { return this.standing().filter(row => row.alive()) }

  clone () {
    const c = new ListField().copyWord(this)
    c.seq = this.seq.clone()
    c.order = this.order
    for (const row of this.rows.values()) c.put(row.clone())
    return c
  }

  /**
   * Takes a row in and notes where it stands.
   * @param {Row} row
   */
  put (row) {
    this.rows.set(row.id, row)
    if (row.slot !== row.id) this.moved.set(row.slot, row)
  }

  /**
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) {
    if (op.kind === 'ensure') return this.ensure(op, by)
    if (op.kind === 'drop') return this.drop(op, by)
    if (op.kind !== 'place' && op.kind !== 'move') return
    insert(this.seq, by, op, 1)
    this.order = undefined
    const slot = dotText(by.replica, op.id)
    if (op.kind === 'place') this.put(new Row(slot))
    else this.stand(this.row(op.row), slot, by.stamp)
  }

  /**
   * Removes what the author saw of a row, the change itself included.
   * @param {Op & { kind: 'drop' }} op
   * @param {Author} by
   */
  drop (op, by) {
    const row = this.row(op.row)
    row.cover = raiseTo(raise(row.cover, Object.entries(op.saw)), by.replica, by.n)
  }

  /**
   * The row of that id, which a checker has seen.
   * @param {string} id
   */
  row (id) { return /** @type {Row} */ (this.rows.get(id)) }

  /**
   * Moves a row to a slot unless a newer move has put it elsewhere. The place it was made at is
   * older than every move, whatever the clocks said; of two moves in one change the later one
   * counts.
   * @param {Row} row
   * @param {string} slot
   * @param {string} at
   */
  stand (row, slot, at) {
    if (at < row.at || (at === row.at && compareDots(slot, row.slot) <= 0)) return
    this.moved.delete(row.slot)
    row.slot = slot
    row.at = at
    this.put(row)
  }
}
