import { useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { formatNumber, t } from '../../words/words.js'
import { useField } from '../context.js'
import { sum } from '../draft.js'
import { readNumber } from '../enter.js'
import { Frame } from '../frame.jsx'
import { decimalSign } from '../language.js'
import { keyOf } from '../path.js'

/**
 * A total to which people add: by one, or any amount. Others' amounts count too, so it
 * is never overwritten.
 * @param {import('../context.js').ControlProps} props
 */
export function Counter ({ control, path }) {
  const { form, value, id } = useField(control, path)
  const [amount, setAmount] = useState('')
  const [fault, setFault] = useState('')
  const step = control.limits.multipleOf ?? 1
  const total = value ?? 0

  /** @param {number} by */
  const add = async (by) => {
    const problems = form.options.validateField(path, sum(total, by))
    if (problems.length) return setFault(problems[0].message)
    setFault('')
    form.touched.add(keyOf(path))
    if (await form.write(control, path, () => form.source.add(path, by))) setAmount('')
  }
  const addTyped = () => {
    const { value: by, fault } = readNumber(amount, decimalSign(), control.type === 'integer')
    if (fault) return setFault(t(fault === 'integer' ? 'formWholeNumber' : 'formNumber', { label: t('formAmount') }))
    if (by) add(by)
  }
  return (
    <Frame control={control} path={path} group hint={t('formAllAmountsCount')} error={fault || undefined}>
      <div class="counter">
        <Button icon="minus" label={t('formTakeAway', { n: step, label: control.label })} onClick={() => add(-step)} />
        <output class="total" aria-live="polite">{formatNumber(total)}{control.unit && <small> {control.unit}</small>}</output>
        <Button icon="plus" label={t('formAddOne', { n: step, label: control.label })} onClick={() => add(step)} />
      </div>
      <div class="beside">
        <input
          type="text" inputMode="decimal" autoComplete="off" aria-label={t('formAmountOf', { label: control.label })} placeholder={t('formAmount')} value={amount}
          aria-invalid={fault ? 'true' : undefined} aria-describedby={fault ? id + '-error' : undefined}
          onInput={(event) => { setAmount(event.currentTarget.value); setFault('') }}
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); addTyped() } }}
        />
        <Button onClick={addTyped} disabled={!amount.trim()}>{t('formAddAmount')}</Button>
      </div>
    </Frame>
  )
}
