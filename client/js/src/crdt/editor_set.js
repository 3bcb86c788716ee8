// Edits of a set.

/** @import { SetField } from './set.js' */
/** @import { Value } from './value.js' */
/** @import { Workbench } from './workbench.js' */

import { compareScalars } from './canonical.js'
import { isScalar } from './value.js'
import { checkPlain, refuseField } from './workbench.js'

/**
 * Names the additions of a value that the person sees.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
function additions (e, path, value) {
  const field = /** @type {SetField | undefined} */ (e.field(path, 'set'))
  return field && isScalar(value) ? field.dots(value) : []
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function include (e, path, value) {
  checkPlain(path, value)
  if (!isScalar(value)) refuseField(path, 'takes no lists or objects.')
  if (!additions(e, path, value).length) e.append({ kind: 'include', path, id: e.nextID(), value })
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function exclude (e, path, value) {
  const over = additions(e, path, value)
  if (over.length) e.append({ kind: 'exclude', path, value, over: over.slice() })
}

/**
 * Takes out what does not stay and puts in what is new.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function putSet (e, path, value) {
  if (!Array.isArray(value) || !value.every(isScalar)) return refuseField(path, 'takes a list of texts, numbers, true, false or null.')
  const wanted = value.slice().sort(compareScalars)
  if (wanted.some((v, i) => i && v === wanted[i - 1])) refuseField(path, 'takes each element once.')
  const stays = new Set(/** @type {Value[]} */ (wanted))
  const field = /** @type {SetField | undefined} */ (e.work.find(path))
  for (const have of field?.values() ?? []) if (!stays.has(have)) exclude(e, path, have)
  for (const v of wanted) include(e, path, v)
  e.show(path, 'set')
}
