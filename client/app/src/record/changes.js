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
    const wrote = op.text ?? (op.path.length === 1 ? op.value : undefined)
    if (wrote !== undefined && typeof wrote !== 'object') field.wrote.push(typeof wrote === 'string' && op.text !== undefined ? wrote : textOf(control, wrote))
  }
  return [...fields.values()].map(({ label, wrote }) => ({ label, wrote: wrote.join(', ').slice(0, 200) }))
}

/** @type {{[kind: string]: import('../words/words.js').Key}} */
const whole = { create: 'recordDidCreated', delete: 'recordDidDeleted', restore: 'recordDidRestored' }
