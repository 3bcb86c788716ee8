import { Icon } from '../../ui/icon.jsx'
import { useField } from '../context.js'
import { Frame } from '../frame.jsx'

/**
 * Any of several. Each is put in or taken out by itself, so two people can do so at once.
 * @param {import('../context.js').ControlProps} props
 */
export function Choices ({ control, path }) {
  const { form, value, error } = useField(control, path)
  const held = Array.isArray(value) ? value : []
  /** @param {unknown} element @param {boolean} on */
  const set = (element, on) => form.write(control, path, () => on ? form.source.include(path, element) : form.source.exclude(path, element))
  const known = control.options.map((option) => option.value)
  const others = held.filter((one) => !known.includes(one)).map((one) => ({ value: one, label: String(one) }))
  return (
    <Frame control={control} path={path} group>
      <div class={error ? 'toggles wrong' : 'toggles'}>
        {[...control.options, ...others].map((option) => {
          const on = held.includes(option.value)
          return (
            <label key={String(option.value)} class="toggle">
              <input type="checkbox" class="out" checked={on} onChange={(event) => set(option.value, event.currentTarget.checked)} />
              {on && <Icon name="check" />}<span>{option.label}</span>
            </label>
          )
        })}
      </div>
    </Frame>
  )
}
