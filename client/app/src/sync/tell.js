// What a change did, in words: which fields, and the text that was in it.

import { keyOf, showValue } from '../list/fields.js'
import { t } from '../words/words.js'

/**
 * @typedef {import('../app/types.js').Change} Change
 * @typedef {import('../app/types.js').Op} Op
 * @typedef {import('../app/types.js').Type} Type
 */

/**
 * The label of the field that a path leads to: the one at the top, as rows below have no name of their own.
 * @param {Type | undefined} type
 * @param {string[]} path
 */
export function labelOf (type, path) {
  const field = type && type.fields.find((f) => f.path.length === 1 && keyOf(f) === path[0])
  return field?.title ?? path[0] ?? ''
}

/**
 * What a change was about.
 * @param {Change} change
 * @param {Type | undefined} type
 * @returns {{did: 'created' | 'deleted' | 'restored' | 'changed', fields: string[]}}
 */
export function tell (change, type) {
  const kinds = change.ops.map((op) => op.kind)
  const fields = [...new Set(change.ops.flatMap(({ path }) => path?.length ? [labelOf(type, path)] : []))]
  const did = kinds.includes('create') ? 'created' : kinds.includes('delete') ? 'deleted' : kinds.includes('restore') ? 'restored' : 'changed'
  return { did, fields }
}

/**
 * A change in one line, such as "Changed: Title, Status".
 * @param {Change} change
 * @param {Type | undefined} type
 */
export function tellLine (change, type) {
  const { did, fields } = tell(change, type)
  const names = fields.slice(0, 4).join(', ') + (fields.length > 4 ? ' …' : '')
  if (did === 'changed' || (did === 'restored' && names)) return names ? t('didChange', { fields: names }) : t('didTouch')
  return t(did === 'created' ? 'didCreate' : did === 'deleted' ? 'didDelete' : 'didRestore')
}

/**
 * Why the server refused a change, in the person's words where those are known.
 * @param {{code: string, message: string, field?: string}} error
 * @param {Type | undefined} type
 */
export function reasonOf ({ code, message, field }, type) {
  return code === 'forbidden' && field ? t('mayNotChange', { field: labelOf(type, field.split('/').slice(1)) }) : message
}

/**
 * What somebody put into a change, field by field, to be read and copied: nothing that a
 * person typed is lost when the server refuses it.
 * @param {Change} change
 * @param {Type | undefined} type
 * @returns {{label: string, text: string}[]}
 */
export function texts (change, type) {
  /** @type {Map<string, string[]>} */
  const found = new Map()
  for (const op of change.ops) {
    const { path } = op
    if (!path?.length || op.kind === 'ensure' || op.kind === 'exclude') continue
    const field = type && type.fields.find((f) => f.path.join() === path.join())
    const text = op.kind === 'insert' ? op.text : 'value' in op ? valueText(field, op.value) : ''
    if (!text) continue
    const label = labelOf(type, op.path)
    found.set(label, [...found.get(label) ?? [], text])
  }
  return [...found].map(([label, parts]) => ({ label, text: parts.join('\n') }))
}

/**
 * @param {import('../app/types.js').Field | undefined} field
 * @param {unknown} value
 */
function valueText (field, value) {
  if (value !== null && typeof value === 'object') return JSON.stringify(value, null, 1)
  return field ? showValue(field, value) : String(value ?? '')
}

/**
 * The value that a refused creation would have had, as far as whole fields tell, to
 * begin again with.
 * @param {Change} change
 * @returns {{[key: string]: unknown}}
 */
export function valueOf (change) {
  /** @type {{[key: string]: any}} */
  const value = {}
  for (const op of change.ops) {
    if (op.path?.length !== 1) continue
    const key = op.path[0], before = value[key]
    if (op.kind === 'include') value[key] = [...(Array.isArray(before) ? before : []), op.value]
    else if (op.kind === 'insert') value[key] = (typeof before === 'string' ? before : '') + op.text
    else if ('value' in op && op.kind !== 'ensure' && op.kind !== 'exclude') value[key] = op.value
  }
  return value
}

/**
 * When a change was made, in ms since 1970: the first half of its stamp.
 * @param {Change} change
 */
export const madeAt = (change) => parseInt(change.stamp.slice(0, 12), 16)
