// Values as people read them.

import { formatDay, formatList, formatMoment, formatNumber, t } from '../words/words.js'
import { isObject } from './schemas.js'

/**
 * A value by the kind of its control, as a component.
 * @param {{control: import('./model.js').Control | undefined, value: unknown}} props
 */
export const Shown = ({ control, value }) => textOf(control, value)

/**
 * A value by the kind of its control, on one line.
 * @param {import('./model.js').Control | undefined} control
 * @param {unknown} value
 * @returns {string}
 */
export function textOf (control, value) {
  if (value === undefined || value === null || value === '') return t('formNothing')
  if (Array.isArray(value)) return value.length ? formatList(value.map((one) => textOf(control?.row ?? undefined, one))) : t('formNothing')
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return formatNumber(value) + (control?.unit ? '\u202f' + control.unit : '')
  if (isObject(value)) return parts(control, value)
  if (control?.kind === 'date') return formatDay(String(value))
  if (control?.kind === 'datetime') return formatMoment(String(value))
  if (control?.kind === 'time') return String(value).slice(0, 5)
  return control?.options.find((option) => option.value === value)?.label ?? String(value)
}

/**
 * @param {import('./model.js').Control | undefined} control
 * @param {{[key: string]: unknown}} value
 */
function parts (control, value) {
  return Object.entries(value).map(([key, one]) => {
    const part = control?.controls.find((c) => c.key === key)
    return `${part?.label ?? key}: ${textOf(part, one)}`
  }).join(', ')
}
