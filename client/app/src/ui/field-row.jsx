import { t } from '../words/words.js'
import { Icon } from './icon.jsx'

/**
 * The label of a control, with its hint and its error where a screen reader finds them:
 * give the control `id` and, as aria-describedby, `describedBy(id, hint, error)`. With
 * `group` it is a fieldset whose legend is the label, for controls of several parts.
 * @param {{
 *   id: string, label: import('preact').ComponentChildren, hint?: import('preact').ComponentChildren,
 *   error?: string | null, required?: boolean, group?: boolean, class?: string,
 *   children: import('preact').ComponentChildren
 * }} props
 */
export function FieldRow ({ id, label, hint, error, required, group, class: more, children }) {
  const Outer = group ? 'fieldset' : 'div'
  const names = ['field', error && 'wrong', more].filter(Boolean).join(' ')
  const mark = required && <span class="required"> <span aria-hidden="true">*</span><span class="out">{t('required')}</span></span>
  return (
    <Outer class={names} {...(group ? { id, 'aria-describedby': describedBy(id, hint, error) } : {})}>
      {group ? <legend>{label}{mark}</legend> : <label for={id}>{label}{mark}</label>}
      {hint && <p class="hint" id={id + '-hint'}>{hint}</p>}
      {children}
      {error && <p class="error" id={id + '-error'}><Icon name="alert" /><span>{error}</span></p>}
    </Outer>
  )
}

/**
 * The ids of what explains a control.
 * @param {string} id
 * @param {unknown} hint
 * @param {unknown} error
 */
export function describedBy (id, hint, error) {
  return [hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ') || undefined
}
