// What an editor works on: a copy of the document, to which each operation is applied as soon
// as it is made.

/** @import { Op, Strategy } from './change.js' */
/** @import { Document } from './document.js' */
/** @import { ListField } from './list.js' */
/** @import { Author } from './node.js' */
/** @import { Plan } from './plan.js' */
/** @import { Value } from './value.js' */

import { isPath } from './change.js'
import { OpError } from './check.js'
import { fieldPlan, merges, rowPlan } from './plan.js'
import { isElement } from './stamp.js'
import { equalValues, isValue } from './value.js'

/** Later than every stamp: nobody's is known yet, and the person sees what they write. */
const NEWEST = 'ffffffffffff-ffff'

/** The operations of one change while they are made. */
export class Workbench {
  /**
   * @param {Document} doc stays as it is
   * @param {string} replica
   * @param {Plan} [plan]
   */
  constructor (doc, replica, plan) {
    this.base = doc.clone()
    this.work = doc.clone()
    this.plan = plan
    /** @type {Author} */
    this.by = { stamp: NEWEST + replica, replica, n: (doc.seen()[replica] ?? 0) + 1, first: doc.nextID(replica) - 1 }
    /**
     * Those that were withdrawn are undefined. An operation is never changed once it is here.
     * @type {(Op | undefined)[]}
     */
    this.made = []
    /**
     * By what they write, see slot: the operations that the next one replaces.
     * @type {Map<string, number>}
     */
    this.last = new Map()
    if (!doc.exists()) this.append({ kind: 'create' })
  }

  /**
   * Runs a call so that it does all or nothing.
   * @param {() => void} call
   */
  attempt (call) {
    const { work, made, last } = this
    this.work = work.clone()
    this.made = made.slice()
    this.last = new Map(last)
    try {
      call()
    } catch (e) {
      Object.assign(this, { work, made, last })
      throw e
    }
  }

  /**
   * Checks an operation and applies it to the working document.
   * @param {Op} op
   */
  run (op) {
    const { replica, n } = this.by
    if (op.path && !isPath(op.path)) refuseField(op.path, 'has a path too long.')
    this.work.check({ replica, n, prev: n - 1, stamp: NEWEST, type: '', version: 1, doc: '', ops: [op] })
    this.work.perform(op, this.by)
  }

  /**
   * Runs an operation and appends it to the change.
   * @param {Op} op
   */
  append (op) {
    this.run(op)
    this.made.push(op)
  }

  /**
   * Appends an operation of which only the last counts: an earlier one on the same field makes
   * way.
   * @param {Op} op
   */
  write (op) {
    this.run(op)
    const at = this.last.get(slot(op)) ?? this.made.length
    this.last.set(slot(op), at)
    this.made[at] = op
  }

  /** The number of the next element. */
  nextID () { return this.work.nextID(this.by.replica) }

  /**
   * The plan of the field at path; undefined when there is no plan.
   * @param {string[]} path
   */
  planAt (path) {
    return this.plan && path.reduce((plan, segment) =>
      plan.strategy === 'list' && isElement(segment) ? rowPlan(plan) : fieldPlan(plan, segment), this.plan)
  }

  /**
   * The same, with a plan for those who have none: everything is a register that was not
   * written as something else before.
   * @param {string[]} path
   * @returns {Plan}
   */
  planFor (path) {
    return this.planAt(path) ?? { strategy: /** @type {Strategy} */ (this.work.find(path)?.strategy ?? 'register') }
  }

  /**
   * The field at path, undefined if it is not there yet. It is what the call is for, and the
   * rows on the way are there to be seen.
   * @param {string[]} path
   * @param {string} want the strategy
   */
  field (path, want) {
    const plan = this.planAt(path)
    if (plan && merges(plan) !== want) mismatch(path, plan.strategy, want)
    this.visible(path)
    const field = this.work.find(path)
    if (field && field.strategy !== want) mismatch(path, field.strategy, want)
    return field
  }

  /**
   * Checks that every row on the path is one the person sees.
   * @param {string[]} path
   */
  visible (path) {
    path.forEach((segment, i) => {
      const list = this.listAt(path.slice(0, i))
      if (list ? !list.rows.get(segment)?.alive() : isElement(segment)) noRow(path.slice(0, i), segment)
    })
  }

  /**
   * The list at path; undefined if it is not there or something else.
   * @param {string[]} path
   */
  listAt (path) {
    const field = this.work.find(path)
    return field?.strategy === 'list' ? /** @type {ListField} */ (field) : undefined
  }

  /**
   * Makes a field that is empty and hidden, or not there at all, show.
   * @param {string[]} path
   * @param {Strategy} as
   */
  show (path, as) {
    if (!this.work.find(path)?.shows()) this.write({ kind: 'ensure', path, value: true, as })
  }

  /**
   * Makes a field that was emptied absent.
   * @param {string[]} path
   * @param {Strategy} as
   */
  hide (path, as) {
    if (this.work.find(path)?.shows()) this.write({ kind: 'ensure', path, value: false, as })
  }

  /**
   * Whether an operation leaves its field as the document had it.
   * @param {Op} op
   */
  isIdle (op) {
    const field = op.path && this.base.find(op.path)
    if (!field) return false
    if (op.kind === 'set' || op.kind === 'unset') return equalValues(field.value(), 'value' in op ? op.value : undefined)
    return op.kind === 'ensure' ? 'hidden' in field && field.hidden === (op.value === false) : op.kind === 'add' && op.value === 0
  }
}

/**
 * Names the register an operation writes: whether a field shows while it is empty is one
 * beside the field.
 * @param {Op} op
 */
export const slot = op => (op.kind === 'ensure' ? '+' : '') + JSON.stringify(op.path)

/**
 * Ends a call that cannot be done.
 * @param {string[]} path
 * @param {string} message
 * @returns {never}
 */
export function refuse (path, message) {
  throw new OpError(-1, path, message)
}

/**
 * Ends a call on a field with what is wrong with it.
 * @param {string[]} path
 * @param {string} message what follows on the field's name
 */
export const refuseField = (path, message) => refuse(path, `"${path.join('/')}" ${message}`)

/**
 * @param {string[]} path
 * @param {string} is
 * @param {string} want
 */
const mismatch = (path, is, want) => refuseField(path, `is a ${is}, not a ${want}.`)

/**
 * @param {string[]} path
 * @param {string} row
 */
export const noRow = (path, row) => refuseField(path, `has no row ${row}: it may have been removed.`)

/**
 * @param {string[]} path
 * @param {unknown} value
 * @returns {asserts value is Value}
 */
export function checkPlain (path, value) {
  if (!isValue(value)) refuseField(path, 'takes plain JSON: texts, exact numbers, lists and objects of them.')
}
