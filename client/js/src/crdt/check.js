// Whether a change is well made for a document: kinds fit the fields, element numbers are new.
// That each operation is one at all, changeFromValue or the editor has seen to.

/** @import { Change, Op, Strategy } from './change.js' */
/** @import { Document } from './document.js' */
/** @import { Node } from './node.js' */
/** @import { Names } from './missing.js' */
/** @import { Value } from './value.js' */

import { makes } from './change.js'
import { CounterField, MAX_AMOUNT, MAX_MICROS, toMicros } from './counter.js'
import { isUpTo } from './document.js'
import { ListField } from './list.js'
import { dotAt, dotOf, stretchOf, textOf } from './run.js'
import { step, strategyAt, strategyOf } from './node.js'
import { firstNot } from './search.js'
import { MAX_SEQ, isElement } from './stamp.js'
import { TextField } from './text.js'

/** A change that can not be applied. */
export class OpError extends Error {
  /**
   * @param {number} op which operation of the change; -1: the change as a whole
   * @param {string[]} path of the field to blame
   * @param {string} message a sentence
   * @param {boolean} gone it names what was there and was cleared away since
   */
  constructor (op, path, message, gone = false) {
    super(message)
    this.name = 'OpError'
    this.op = op
    this.path = path
    this.gone = gone
  }
}

/**
 * The elements one operation makes; field is the key of its path, row says that it is a row,
 * not just a place.
 * @typedef {{ first: number, n: number, field: string, row: boolean }} Making
 */

/** @param {string[]} path */
const keyOf = path => JSON.stringify(path)

/**
 * Goes through the operations of one change. The document stays as it is, so the checker notes
 * what the operations before would have made. Its methods answer with a sentence that says what
 * is wrong, or with ''.
 */
export class Checker {
  /**
   * By the operations before, ascending.
   * @type {Making[]}
   */
  made = []
  /**
   * Fields that the operations before made, by their keys.
   * @type {Map<string, string>}
   */
  fields = new Map()
  /** Registers that the operations before wrote. */
  written = new Set()
  /**
   * What the operations before add to counters, in millionths.
   * @type {Map<string, bigint>}
   */
  sums = new Map()
  /** What is wrong is that something was cleared away. */
  gone = false

  /**
   * @param {Document} d
   * @param {Change} c
   */
  constructor (d, c) {
    const { n, seq } = d.mark(c.replica)
    this.d = d
    this.c = c
    /** Changes of the same replica are missing before this one. */
    this.gap = (c.prev ?? 0) > n
    /** The replica's last element before the change, and before the operation. */
    this.first = this.top = seq
    this.many = c.ops.length > 1
  }

  /** The first thing wrong with the change, if anything is. */
  change () {
    if (this.c.n > MAX_SEQ) return new OpError(-1, [], 'A change needs a number up to 2^53-1.')
    for (const [i, op] of this.c.ops.entries()) {
      const message = this.op(op)
      if (message) return new OpError(i, op.path ?? [], message, this.gone)
    }
    return undefined
  }

  /**
   * Checks one operation.
   * @param {Op} op
   */
  op (op) {
    if (!op.path) return ''
    const want = strategyOf(op)
    /** @type {Node | undefined} */
    let at = this.d.root
    for (const [i, segment] of op.path.entries()) {
      const wrong = isElement(segment) && this.row(op.path.slice(0, i), at, segment)
      if (wrong) return wrong
      at = step(at, segment)
      const expected = strategyAt(op.path, i, want)
      const is = this.strategy(at, op.path, i, expected)
      if (is !== expected) return `"${op.path.slice(0, i + 1).join('/')}" is a ${is}, not a ${expected}.`
    }
    return this.content(op, at) || this.make(op)
  }

  /**
   * What the field at path[0 … i] is, in the document or by the operations before; if neither
   * knows, it is from now on what is expected.
   * @param {Node | undefined} at
   * @param {string[]} path
   * @param {number} i
   * @param {Strategy} expected
   */
  strategy (at, path, i, expected) {
    if (at) return at.strategy
    if (!this.many) return expected // nobody will ask again
    const key = keyOf(path.slice(0, i + 1))
    const is = this.fields.get(key) ?? expected
    this.fields.set(key, is)
    return is
  }

  /**
   * Checks what an operation says about its field.
   * @param {Op & { path: string[] }} op
   * @param {Node | undefined} field undefined if nobody wrote to it yet
   */
  content (op, field) {
    if (op.kind === 'set' || op.kind === 'unset' || op.kind === 'ensure') return this.once(op)
    if (op.kind === 'add') return this.amount(op, field)
    const { row, over = [], spans = [], after, before } = /** @type {Names} */ (op)
    if (after && after === before) return 'Nothing can be put between an element and itself.'
    const seq = field instanceof TextField || field instanceof ListField ? field.seq : undefined
    const elements = [after, before, ...spans.map(stretchOf).flatMap(s => [textOf(s), textOf(dotAt(s, s.n - 1))])]
    return (row ? this.row(op.path, field, row) : '') ||
      elements.reduce((wrong, dot) => wrong || (dot ? this.here(op.path, dot, this.own(dot), () => seq?.find(dotOf(dot))) : ''), '') ||
      // Where what goes was seen does not matter: what is not there any more is removed already.
      over.reduce((wrong, dot) => wrong || this.here(op.path, dot, this.own(dot), () => true), '')
  }

  /**
   * Refuses a second word on the same register: which one counts would depend on nothing a
   * person can see.
   * @param {Op & { path: string[] }} op
   */
  once (op) {
    if (!this.many) return ''
    const slot = (op.kind === 'ensure') + keyOf(op.path)
    if (this.written.has(slot)) return `"${op.path.join('/')}" is written twice in one change.`
    this.written.add(slot)
    return ''
  }

  /**
   * Checks what is added to a counter, alone and together with what the same replica added
   * before. Its changes come in order, so everyone judges this alike.
   * @param {{ path: string[], value: Value }} op
   * @param {Node | undefined} field
   */
  amount ({ path, value }, field) {
    const amount = toMicros(value, MAX_AMOUNT)
    if (amount === undefined) return `"${path.join('/')}" takes amounts up to a thousand million, with six decimals.`
    const key = keyOf(path)
    const sum = (this.sums.get(key) ?? (field instanceof CounterField ? field.sum(this.c.replica) : 0n)) + amount
    this.sums.set(key, sum)
    return sum > MAX_MICROS || sum < -MAX_MICROS ? `"${path.join('/')}" takes no more from one device.` : ''
  }

  /**
   * Which of the operations before makes an element, null if none does and only this change
   * could; undefined if it can come from elsewhere.
   * @param {string} dot
   */
  own (dot) {
    const { replica, seq } = dotOf(dot)
    if (replica !== this.c.replica || seq <= this.first) return undefined
    const m = this.made[firstNot(this.made.length, i => this.made[i].first + this.made[i].n <= seq)]
    return m && m.first <= seq ? m : this.gap ? undefined : null
  }

  /**
   * Checks that a list has a row, or that it may come yet.
   * @param {string[]} path
   * @param {Node | undefined} list undefined if nobody wrote to it yet
   * @param {string} row
   */
  row (path, list, row) {
    const making = this.own(row)
    return this.here(path, row, making?.row === false ? null : making, () => list instanceof ListField && list.rows.has(row))
  }

  /**
   * Checks that a field has an element, or that it may come yet.
   * @param {string[]} path of the field
   * @param {string} dot
   * @param {Making | null | undefined} making as own gives it
   * @param {() => unknown} has whether the field has the element
   */
  here (path, dot, making, has) {
    if (making === undefined ? !this.d.has(dot) || has() : making?.field === keyOf(path)) return ''
    this.gone = making === undefined && this.d.floor !== undefined && isUpTo(this.d.floor, dot)
    return `"${path.join('/')}" has no element ${dot}.` + (this.gone ? ' It was cleared away since.' : '')
  }

  /**
   * Checks the numbers of the elements an operation makes and notes them.
   * @param {Op & { path: string[] }} op
   */
  make (op) {
    const n = makes(op)
    if (!n || !('id' in op)) return ''
    if (op.id <= this.top || n - 1 > MAX_SEQ - op.id) return `What is made at "${op.path.join('/')}" must be numbered above ${this.top}.`
    this.top = op.id + n - 1
    if (this.many) this.made.push({ first: op.id, n, field: keyOf(op.path), row: op.kind === 'place' })
    return ''
  }
}
