// Edits of a field that keeps concurrent values.

/** @import { Op } from './change.js' */
/** @import { ConflictField } from './conflict.js' */
/** @import { Value } from './value.js' */
/** @import { Workbench } from './workbench.js' */

import { equalValues } from './value.js'
import { checkPlain, slot } from './workbench.js'

/**
 * Settles a conflict field: replaces all values the person sees.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} [value] absent: the field is
 */
export function assign (e, path, value) {
  const field = /** @type {ConflictField | undefined} */ (e.work.find(path))
  /** @type {Op & { kind: 'assign' }} */
  const op = { kind: 'assign', path, id: e.nextID(), ...(value !== undefined && { value }), over: field?.dots() ?? [] }
  e.run(op)
  const at = e.last.get(slot(op))
  const before = at === undefined ? undefined : e.made[at]
  if (at !== undefined && before?.kind === 'assign') {
    // The value that this one replaces is the editor's own and was never told to anybody, so
    // this operation replaces what that one did. It comes last, as elements are numbered in
    // the order of the operations.
    op.over = before.over
    e.made[at] = undefined
  }
  e.last.set(slot(op), e.made.length)
  e.made.push(op)
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function pick (e, path, value) {
  checkPlain(path, value)
  const field = /** @type {ConflictField | undefined} */ (e.field(path, 'conflict'))
  if (field && field.candidates.length === 1 && equalValues(field.value(), value)) return
  assign(e, path, value)
}
