import { useRef, useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { Icon } from '../../ui/icon.jsx'
import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { readElement } from '../enter.js'
import { Frame } from '../frame.jsx'
import { decimalSign } from '../language.js'
import { same } from '../path.js'

/**
 * Words that people add: type one, and Enter, a comma or the button puts it in.
 * @param {import('../context.js').ControlProps} props
 */
export function Tags ({ control, path }) {
  const { form, value, id, error } = useField(control, path)
  const [word, setWord] = useState('')
  const [fault, setFault] = useState('')
  const input = useRef(/** @type {HTMLInputElement | null} */ (null))
  const held = Array.isArray(value) ? value : []

  /** @param {string} text */
  const add = async (text) => {
    const { value: element, fault } = readElement(text, control.type, decimalSign())
    if (fault) return setFault(t(fault === 'integer' ? 'formWholeNumber' : 'formNumber', { label: control.label }))
    if (element === undefined || held.some((one) => same(one, element))) return setWord('')
    const problems = form.options.validateField(path, [...held, element])
    if (problems.length) return setFault(problems[0].message)
    if (await form.write(control, path, () => form.source.include(path, element))) setWord('')
  }
  /** @param {unknown} element */
  const remove = async (element) => {
    await form.write(control, path, () => form.source.exclude(path, element))
    input.current?.focus()
  }
  return (
    <Frame control={control} path={path} group error={fault || undefined}>
      {held.length > 0 && (
        <ul class="tags" aria-label={control.label}>
          {held.map((one) => (
            <li key={String(one)} class="tag">
              <span>{String(one)}</span>
              <button type="button" aria-label={t('formRemoveNamed', { name: String(one) })} onClick={() => remove(one)}><Icon name="close" /></button>
            </li>
          ))}
        </ul>
      )}
      <div class="beside">
        <input
          type="text" ref={input} value={word} autoComplete="off" autoCapitalize="none" aria-label={t('formNewEntry', { label: control.label })} placeholder={t('formTypeToAdd')}
          inputMode={control.type === 'string' ? undefined : 'decimal'} enterkeyhint="enter" aria-invalid={fault || error ? 'true' : undefined} aria-describedby={fault || error ? id + '-error' : undefined}
          onInput={(event) => {
            const text = event.currentTarget.value
            setFault('')
            if (control.type === 'string' && text.endsWith(',')) add(text.slice(0, -1))
            else setWord(text)
          }}
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add(word) } }}
          onBlur={() => { if (word.trim()) add(word) }}
        />
        <Button icon="plus" label={t('formAddNamed', { name: word.trim() || control.label })} onClick={() => add(word)} disabled={!word.trim()} />
      </div>
    </Frame>
  )
}
