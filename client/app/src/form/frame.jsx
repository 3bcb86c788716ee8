import { describedBy, FieldRow } from '../ui/field-row.jsx'
import { Button } from '../ui/button.jsx'
import { Icon } from '../ui/icon.jsx'
import { formatNumber, t } from '../words/words.js'
import { useShared } from './context.js'
import { elementId, keyOf } from './path.js'
import { Conflict } from './controls/conflict.jsx'
import { focusIn } from './focus.js'
import { Shown } from './shown.js'

/**
 * What stands around every control: label, help, error, that it was saved, that
 * somebody else changed it meanwhile, that several values wait for a pick.
 * @param {import('./context.js').ControlProps & {
 *   group?: boolean, hint?: string, error?: string, children: import('preact').ComponentChildren
 * }} props
 */
export function Frame ({ control, path, group, hint, error, children }) {
  const { form } = useShared()
  const readOnly = control.readOnly || form.readOnly
  const wrong = error ?? form.error(path)
  return (
    <FieldRow
      id={elementId(path)} label={control.label} group={group || readOnly} class={'kind-' + control.kind}
      hint={hintOf(control, readOnly, hint)} error={wrong || null} required={!readOnly && form.required(control, path)}
    >
      {control.conflict && <Conflict control={control} path={path} />}
      {children}
      <Elsewhere control={control} path={path} />
      <Was control={control} path={path} />
      {form.saved === keyOf(path) && !wrong && <p class="saved"><Icon name="check" />{t('formSaved')}</p>}
    </FieldRow>
  )
}

/** @param {import('./context.js').ControlProps} props */
function Elsewhere ({ control, path }) {
  const { form } = useShared()
  const other = form.elsewhere(path)
  if (!other) return null
  return (
    <div class="elsewhere" role="status">
      <p>{t('formElsewhere')} <strong><Shown control={control} value={other.value} /></strong></p>
      <Button onClick={() => form.forget(path)}>{t('formTakeTheirs')}</Button>
      <Button onClick={() => form.insist(control, path)}>{t('formKeepMine')}</Button>
    </div>
  )
}

/**
 * What a field was, where it is changed and not saved, with the way back.
 * @param {import('./context.js').ControlProps} props
 */
function Was ({ control, path }) {
  const { form, root } = useShared()
  const { source } = form
  const was = 'was' in source ? source.was(path, form.value(path) ?? '') : undefined
  if (!was || form.elsewhere(path)) return null
  const undo = () => {
    form.forget(path)
    if ('revert' in source) source.revert(path)
    // The button goes: what it was for takes the focus.
    focusIn(elementId(path), root)
  }
  return <p class="was"><span>{t('formWas')} <Shown control={control} value={was.value} /></span><Button kind="quiet" onClick={undo}>{t('undo')}<span class="out"> {control.label}</span></Button></p>
}

/**
 * The help of a control: what the type says, what its bounds are, what merging does.
 * @param {import('./model.js').Control} control
 * @param {boolean} readOnly
 * @param {string} [more]
 */
export function hintOf (control, readOnly, more) {
  return readOnly ? '' : [control.help, rangeOf(control), more].filter(Boolean).join(' · ')
}

/** @param {import('./model.js').Control} control */
function rangeOf ({ kind, limits: { minimum, maximum }, unit, strategy }) {
  if (kind !== 'meter' && (kind !== 'number' || !strategy)) return ''
  const counted = (/** @type {number} */ n) => formatNumber(n) + (unit ? '\u202f' + unit : '')
  if (minimum !== undefined && maximum !== undefined) return t('formRange', { from: formatNumber(minimum), to: counted(maximum) })
  if (minimum !== undefined && minimum !== 0) return t('formAtLeast', { n: counted(minimum) })
  return maximum === undefined ? '' : t('formAtMost', { n: counted(maximum) })
}

/**
 * The attributes that tie a control's input to its label, help and error.
 * @param {import('./model.js').Control} control
 * @param {import('./path.js').Path} path
 * @param {{error: string, required: boolean}} field
 * @param {string} [hint] as given to Frame
 */
export function inputProps (control, path, { error, required }, hint) {
  const id = elementId(path)
  return {
    id,
    'aria-describedby': describedBy(id, hintOf(control, false, hint), error),
    'aria-invalid': error ? /** @type {const} */ ('true') : undefined,
    'aria-required': required ? /** @type {const} */ ('true') : undefined
  }
}
