import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { readNumber, showNumber } from '../enter.js'
import { Frame, inputProps } from '../frame.jsx'
import { decimalSign } from '../language.js'

/**
 * A number; also a meter's, of which only the larger or the smaller one counts.
 * @param {import('../context.js').ControlProps} props
 */
export function NumberInput ({ control, path }) {
  const field = useField(control, path)
  const hint = control.kind === 'meter' ? t(control.strategy === 'min' ? 'formSmallerStays' : 'formLargerStays') : ''
  const held = field.form.source.held(path)
  return (
    <Frame control={control} path={path} hint={hint}>
      <Digits
        control={control} raw={field.raw} value={field.value} attributes={inputProps(control, path, field, hint)} onLeave={field.leave}
        onType={(what) => field.type(control.kind === 'meter' ? outdone(control, held, what) : what)}
      />
    </Frame>
  )
}

/**
 * A meter only goes one way: what would not count is said while it is typed.
 * @param {import('../model.js').Control} control
 * @param {unknown} held
 * @param {{value: number | undefined, raw: string, fault?: string}} what
 */
function outdone (control, held, what) {
  if (typeof held !== 'number' || what.fault || what.value === undefined) return what
  if (control.strategy === 'max' && what.value < held) return { ...what, fault: t('formMustNotFall', { n: held }) }
  if (control.strategy === 'min' && what.value > held) return { ...what, fault: t('formMustNotRise', { n: held }) }
  return what
}

/**
 * The input of a number, with its unit.
 * @param {{
 *   control: import('../model.js').Control, raw: string | undefined, value: unknown, attributes: object,
 *   onType: (what: {value: number | undefined, raw: string, fault?: string}) => void, onLeave: () => void
 * }} props
 */
export function Digits ({ control, raw, value, attributes, onType, onLeave }) {
  const integer = control.type === 'integer'
  /** @param {string} text */
  const typed = (text) => {
    const { value, fault } = readNumber(text, decimalSign(), integer)
    onType({ value, raw: text, fault: fault && t(fault === 'integer' ? 'formWholeNumber' : 'formNumber', { label: control.label }) })
  }
  return (
    <div class="measured">
      <input
        type="text" inputMode={integer && !((control.limits.minimum ?? -1) < 0) ? 'numeric' : 'decimal'} autoComplete="off" {...attributes}
        value={raw ?? showNumber(value, decimalSign())}
        onInput={(event) => typed(event.currentTarget.value)} onBlur={onLeave}
      />
      {control.unit && <span class="unit" aria-hidden="true">{control.unit}</span>}
    </div>
  )
}
