import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { Frame } from '../frame.jsx'
import { Chips } from './choice.jsx'

/**
 * Yes or no, or not answered.
 * @param {import('../context.js').ControlProps} props
 */
export function YesNo ({ control, path }) {
  const field = useField(control, path)
  const asked = control.options.length ? control.options.map(({ value }) => value) : [true, false]
  const options = asked.map((value) => ({ value, label: t(value ? 'yes' : 'no') }))
  return (
    <Frame control={control} path={path} group>
      <Chips name={field.id} options={options} value={field.value} unset={!field.required} invalid={!!field.error} onChoose={field.choose} />
    </Frame>
  )
}
