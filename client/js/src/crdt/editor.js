// Which operations an edit becomes. Each call of an editor is turned into operations against
// the document as it is after the calls before, so positions and rows are always those the
// person sees.

/** @import { Op } from './change.js' */
/** @import { Value } from './value.js' */

import { pick } from './editor_conflict.js'
import { addAmount } from './editor_counter.js'
import { insertRow, moveRow, removeRow } from './editor_list.js'
import { put, putFields, remove } from './editor_put.js'
import { rebase } from './editor_rebase.js'
import { exclude, include } from './editor_set.js'
import { splice } from './editor_text.js'
import { Workbench, checkPlain, refuse } from './workbench.js'

/**
 * Makes the operations of one change of a replica. The document it was made from is not
 * touched; one that does not exist yet gets a create operation first. Without a plan
 * everything is a register that was not written as something else before. Calls that cannot be
 * done throw an OpError and add nothing.
 */
export class Editor extends Workbench {
  /** @type {'delete' | 'restore' | undefined} */
  doom = undefined

  /** The value after the calls so far. */
  value () { return this.work.value() }

  /**
   * Makes the field at path equal value by the field's strategy: a register is set, a text is
   * compared and only what differs is spliced, a set gains and loses elements, rows of a list
   * are matched (equal rows first, then by place) so that unchanged rows keep their identity
   * and moved rows move, a map is put field by field (keys that are not in value are removed),
   * a counter gains the difference. A max can only be raised, a min only lowered.
   * @param {string[]} path
   * @param {Value} value
   */
  put (path, value) {
    if (!path.length) return this.putAll(value)
    checkPlain(path, value)
    this.attempt(() => put(this, path, this.planFor(path), value))
  }

  /**
   * Makes the record's whole value equal value, which is an object.
   * @param {Value} value
   */
  putAll (value) {
    checkPlain([], value)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse([], 'A record is an object with fields.')
    this.attempt(() => putFields(this, [], this.planFor([]), value))
  }

  /**
   * Makes the field at path absent, or removes the row.
   * @param {string[]} path
   */
  remove (path) {
    if (!path.length) refuse(path, 'A record is removed as a whole by deleting it.')
    this.attempt(() => remove(this, path))
  }

  /**
   * Does to a top-level field what turned before into after, where the operations that did so
   * are not to be had: a program that keeps plain values says what it began with and what it
   * made of it, as whole values of which only this field is looked at. Where the document still
   * has what was begun with, that is put or remove. Else somebody else was here meanwhile, and
   * the field's strategy decides, as if both had edited a copy of before: amounts add up, both
   * texts stay, and where only one value can stay it is the one in after. Both values of a
   * conflict field stay until somebody picks. Where the document has what is wanted already
   * nothing is done, so that doing it twice does no harm; only amounts add up always.
   * @param {string} field
   * @param {{ [field: string]: Value }} before
   * @param {{ [field: string]: Value }} after
   */
  rebase (field, before, after) {
    checkPlain([field], before)
    checkPlain([field], after)
    this.attempt(() => rebase(this, field, before, after))
  }

  /**
   * Adds an amount to a counter.
   * @param {string[]} path
   * @param {number} amount
   */
  add (path, amount) { addAmount(this, path, amount) }

  /**
   * Settles a conflict field: value replaces every value its author saw.
   * @param {string[]} path
   * @param {Value} value
   */
  pick (path, value) { pick(this, path, value) }

  /**
   * Adds a scalar to a set.
   * @param {string[]} path
   * @param {Value} value
   */
  include (path, value) { include(this, path, value) }

  /**
   * Takes a scalar out of a set.
   * @param {string[]} path
   * @param {Value} value
   */
  exclude (path, value) { exclude(this, path, value) }

  /**
   * Puts a row at index.
   * @param {string[]} path
   * @param {number} index
   * @param {Value} value
   * @returns {string} the row's id
   */
  insertRow (path, index, value) { return insertRow(this, path, index, value) }

  /**
   * Moves a row so that its new index is index.
   * @param {string[]} path
   * @param {string} row
   * @param {number} index
   */
  moveRow (path, row, index) { moveRow(this, path, row, index) }

  /**
   * @param {string[]} path
   * @param {string} row
   */
  removeRow (path, row) { removeRow(this, path, row) }

  /**
   * Replaces n UTF-16 units from position at on of a text, as a text area counts them.
   * @param {string[]} path
   * @param {number} at
   * @param {number} n
   * @param {string} text
   */
  splice (path, at, n, text) { splice(this, path, at, n, text) }

  /** Deletes what the document is now. */
  delete () { this.doom = this.base.deleted() ? undefined : 'delete' }

  /** Takes the document out of the trash. */
  restore () { this.doom = this.base.deleted() ? 'restore' : undefined }

  /**
   * What the calls so far amount to: at most one operation per register, none that changes
   * nothing. Empty when nothing differs. The caller owns the list.
   * @returns {Op[]}
   */
  ops () {
    const ops = this.made.filter(op => op !== undefined).filter(op => !this.isIdle(op))
    if (this.doom === 'delete') ops.push({ kind: 'delete', saw: this.base.seen() })
    if (this.doom === 'restore') ops.push({ kind: 'restore' })
    return ops
  }
}
