// A change that has not been sent, or was refused, in words: the fields that it touches
// and what it writes into each, as far as that fits a line.

import { sectionsOf } from '../form/model.js'
import { textOf } from '../form/shown.js'
import { t } from '../words/words.js'

/**
 * @param {import('../form/model.js').Type} type
 * @param {{ops?: {kind: string, path?: string[], value?: unknown, text?: string}[]}} change
 * @returns {{label: string, wrote: string}[]} one for each field of the record, in the order of the change
 */
export function fieldsOf (type, change) {
  const controls = sectionsOf(type).flatMap((section) => section.controls)
  /** @type {Map<string, {label: string, wrote: string[]}>} */
  const fields = new Map()
  for (const op of change.ops ?? []) {
    if (!op.path?.length) {
      fields.set('', { label: t(whole[op.kind] ?? 'recordDidChanged'), wrote: [] })
      continue
    }
    const control = controls.find(({ key }) => key === op.path?.[0])
    const field = fields.get(op.path[0]) ?? { label: control?.label ?? op.path[0], wrote: [] }
    fields.set(op.path[0], field)
    const wrote = op.text ?? (op.value === undefined || typeof op.value === 'object' || op.kind === 'ensure' ? undefined : textOf(below(control, op.path), op.value))
    if (wrote !== undefined) field.wrote.push(op.path.length === 1 ? wrote : named(below(control, op.path), wrote))
  }
  return [...fields.values()].map(({ label, wrote }) => ({ label, wrote: wrote.join(', ').slice(0, 200) }))
}

/**
 * The control of what stands below a field; undefined when none is known.
 * @param {import('../form/model.js').Control | undefined} control
 * @param {string[]} path from the record
 */
function below (control, path) {
  let at = control
  for (const step of path.slice(1)) {
    // The identity of a row is no field; what follows it is one of the row's.
    const next = at?.controls.find(({ key }) => key === step)
    at = next ?? (at?.kind === 'rows' ? at : at?.row ?? undefined)
  }
  return at
}

/** @param {import('../form/model.js').Control | undefined} control @param {string} wrote */
const named = (control, wrote) => control ? `${control.label} ${wrote}` : wrote

/** @type {{[kind: string]: import('../words/words.js').Key}} */
const whole = { create: 'recordDidCreated', delete: 'recordDidDeleted', restore: 'recordDidRestored' }
