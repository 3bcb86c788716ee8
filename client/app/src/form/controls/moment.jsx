import { Button } from '../../ui/button.jsx'
import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { readMoment, readTime, showMoment, showTime } from '../enter.js'
import { Frame, inputProps } from '../frame.jsx'

/** How each kind is shown in its input, read from it, and what "now" is for it. */
const ways = {
  date: { input: /** @type {const} */ ('date'), show: (/** @type {unknown} */ v) => typeof v === 'string' ? v : '', read: (/** @type {string} */ raw) => raw || undefined, now: () => showMoment(new Date().toISOString()).slice(0, 10), button: /** @type {const} */ ('formToday') },
  time: { input: /** @type {const} */ ('time'), show: showTime, read: readTime, now: () => readTime(showMoment(new Date().toISOString()).slice(11)), button: /** @type {const} */ ('formNow') },
  datetime: { input: /** @type {const} */ ('datetime-local'), show: showMoment, read: readMoment, now: () => readMoment(showMoment(new Date().toISOString())), button: /** @type {const} */ ('formNow') }
}

/**
 * A day, a time of day, or a moment, by the browser's own input.
 * @param {import('../context.js').ControlProps} props
 */
export function Moment ({ control, path }) {
  const field = useField(control, path)
  const way = ways[/** @type {keyof typeof ways} */ (control.kind)]
  const outdone = (/** @type {string | undefined} */ value) => {
    const held = field.form.source.held(path)
    if (!value || typeof held !== 'string') return undefined
    if (control.strategy === 'max' && value < held) return t('formMustNotBeEarlier', { day: held })
    return control.strategy === 'min' && value > held ? t('formMustNotBeLater', { day: held }) : undefined
  }
  return (
    <Frame control={control} path={path}>
      <div class="beside">
        <input
          type={way.input} {...inputProps(control, path, field)} value={field.raw ?? way.show(field.value)}
          onInput={(event) => {
            const { value, validity } = event.currentTarget
            const read = way.read(value)
            field.type({ value: read, raw: value, fault: validity.badInput ? t('formHalfMoment', { label: control.label }) : outdone(read) })
          }}
          onBlur={(event) => {
            // What is half filled in tells of itself only when it is left.
            if (event.currentTarget.validity.badInput) field.type({ value: undefined, raw: '', fault: t('formHalfMoment', { label: control.label }) })
            field.leave()
          }}
        />
        {field.value === undefined && <Button onClick={() => field.choose(way.now())}>{t(way.button)}</Button>}
      </div>
    </Frame>
  )
}
