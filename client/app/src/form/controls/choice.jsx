import { Button } from '../../ui/button.jsx'
import { Icon } from '../../ui/icon.jsx'
import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { Frame, inputProps } from '../frame.jsx'

/** How many choices, and how many letters of them, still stand side by side. */
const few = 6
const letters = 72

/**
 * One of several: chips when they are few, a list when they are many.
 * @param {import('../context.js').ControlProps} props
 */
export function Choice ({ control, path }) {
  const field = useField(control, path)
  const { options } = control
  const short = options.length <= few && options.reduce((n, { label }) => n + label.length, 0) <= letters
  if (short) {
    return (
      <Frame control={control} path={path} group>
        <Chips name={field.id} options={options} value={field.value} unset={!field.required} invalid={!!field.error} onChoose={field.choose} />
      </Frame>
    )
  }
  const at = options.findIndex(({ value }) => value === field.value)
  return (
    <Frame control={control} path={path}>
      <select {...inputProps(control, path, field)} value={at < 0 ? '' : String(at)} onChange={(event) => field.choose(options[Number(event.currentTarget.value || -1)]?.value)}>
        {(!field.required || at < 0) && <option value="">{t('formChoose')}</option>}
        {options.map(({ label }, i) => <option key={i} value={String(i)}>{label}</option>)}
      </select>
      {at < 0 && field.value !== undefined && <p class="hint">{t('formNoChoice', { value: String(field.value) })}</p>}
    </Frame>
  )
}

/**
 * Chips of which one is on.
 * @param {{
 *   name: string, options: import('../model.js').Option[], value: unknown, unset: boolean, invalid: boolean,
 *   onChoose: (value: unknown) => void
 * }} props
 */
export function Chips ({ name, options, value, unset, invalid, onChoose }) {
  const on = options.some((option) => option.value === value)
  return (
    <div class={invalid ? 'toggles wrong' : 'toggles'}>
      {options.map((option, i) => (
        <label key={i} class="toggle">
          <input type="radio" class="out" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
          {option.value === value && <Icon name="check" />}<span>{option.label}</span>
        </label>
      ))}
      {unset && on && <Button kind="quiet" onClick={() => onChoose(undefined)}>{t('formClear')}</Button>}
      {!on && value !== undefined && value !== null && <p class="hint">{t('formNoChoice', { value: String(value) })}</p>}
    </div>
  )
}
