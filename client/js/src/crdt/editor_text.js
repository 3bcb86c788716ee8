// Edits of a text. Operations count in code points; who calls an editor counts in UTF-16
// units, as texts of JavaScript do.

/** @import { Op } from './change.js' */
/** @import { TextField } from './text.js' */
/** @import { Value } from './value.js' */
/** @import { Workbench } from './workbench.js' */

import { makes } from './change.js'
import { diffTexts } from './diff.js'
import { dotText } from './stamp.js'
import { codePoints, isBroken, isPair } from './value.js'
import { refuseField, slot } from './workbench.js'

/**
 * Replaces n UTF-16 units from position at on. Half of a surrogate pair is replaced with the
 * other half, which is put back, so what was typed may be made whole by what stands there.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {number} at
 * @param {number} n
 * @param {string} text
 */
export function splice (e, path, at, n, text) {
  const old = e.work.text(path)
  let end = at + n
  if (isPair(old, at) && (n || text)) text = old[--at] + text
  if (isPair(old, end) && end > at) text += old[end++]
  const outside = !(Number.isInteger(at) && Number.isInteger(n) && at >= 0 && n >= 0 && end <= old.length)
  spliceAt(e, path, outside ? -1 : codePoints(old.slice(0, at)), outside ? 0 : codePoints(old.slice(at, end)), text)
}

/**
 * Replaces n code points from position at on; -1: outside the text.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {number} at
 * @param {number} n
 * @param {string} text
 */
function spliceAt (e, path, at, n, text) {
  const field = /** @type {TextField | undefined} */ (e.field(path, 'text'))
  if (at < 0) refuseField(path, 'is not as long as that.')
  if (isBroken(text)) refuseField(path, 'takes no half of a surrogate pair.')
  const { after, before } = field?.seq.neighbours(at) ?? {}
  if (n) e.append({ kind: 'cut', path, spans: /** @type {TextField} */ (field).seq.spans(at, n) })
  if (text) typed(e, { kind: 'insert', path, id: e.nextID(), ...(after && { after }), ...(before && { before }), text })
}

/**
 * Adds an insertion. One that goes on where the last operation ended becomes part of it, so
 * that typing letter by letter makes one run.
 * @param {Workbench} e
 * @param {Op & { kind: 'insert' }} op
 */
function typed (e, op) {
  const last = e.made.at(-1)
  if (last?.kind === 'insert' && slot(last) === slot(op) && op.id === last.id + makes(last) &&
      op.after === dotText(e.by.replica, op.id - 1) && op.before === last.before) {
    e.run(op)
    e.made[e.made.length - 1] = { ...last, text: last.text + op.text }
  } else e.append(op)
}

/**
 * Splices what differs.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Value} value
 */
export function putText (e, path, value) {
  if (typeof value !== 'string') return refuseField(path, 'takes a text.')
  let shift = 0
  for (const { at, n, text } of diffTexts(e.work.text(path), value)) {
    spliceAt(e, path, at + shift, n, text)
    shift += codePoints(text) - n
  }
  e.show(path, 'text')
}
