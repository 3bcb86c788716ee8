import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../words/words.js'
import { Toggle } from '../../ui/chip.jsx'
import { Markdown } from '../../markdown/markdown.jsx'
import { useField } from '../context.js'
import { Frame, inputProps } from '../frame.jsx'
import { keyOf } from '../path.js'
import { TextBinding } from './text-binding.js'

/**
 * A text that several people can write in at once, with Markdown shown as it will be
 * read where the type says that it is Markdown.
 * @param {import('../context.js').ControlProps} props
 */
export function Notes ({ control, path }) {
  const field = useField(control, path)
  const [preview, setPreview] = useState(false)
  const text = field.value ?? ''
  if (field.readOnly) {
    return <Frame control={control} path={path}><div class="fixed">{text ? <Read control={control} text={text} /> : <span class="muted">{t('formNothing')}</span>}</div></Frame>
  }
  return (
    <Frame control={control} path={path}>
      {control.markdown && (
        <div class="toggles modes">
          <Toggle on={!preview} onChange={() => setPreview(false)}>{t('formWrite')}</Toggle>
          <Toggle on={preview} onChange={() => setPreview(true)}>{t('formPreview')}</Toggle>
        </div>
      )}
      {preview && <div class="fixed preview">{text ? <Read control={control} text={text} /> : <span class="muted">{t('formNothing')}</span>}</div>}
      <div hidden={preview}>{'text' in field.form.source ? <Together control={control} path={path} /> : <Alone control={control} path={path} />}</div>
    </Frame>
  )
}

/** @param {{control: import('../model.js').Control, text: string}} props */
const Read = ({ control, text }) => control.markdown ? <Markdown text={text} /> : <p class="plain">{text}</p>

/**
 * In a record that is not on the device, or not yet, nobody else writes letter by letter.
 * @param {import('../context.js').ControlProps} props
 */
function Alone ({ control, path }) {
  const field = useField(control, path)
  return <textarea {...inputProps(control, path, field)} class="notes" value={field.value ?? ''} onInput={(event) => field.type({ value: event.currentTarget.value })} onBlur={field.leave} />
}

/**
 * In a record that is kept, what is typed goes in letter by letter and what others type
 * appears around it.
 * @param {import('../context.js').ControlProps} props
 */
function Together ({ control, path }) {
  const field = useField(control, path)
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null))
  const binding = useRef(/** @type {TextBinding | null} */ (null))
  const { form } = field
  useEffect(() => {
    let there = true
    if (!('text' in form.source)) return
    form.source.text(path).then((handle) => {
      if (!there || !area.current) return handle.close()
      binding.current = new TextBinding(area.current, handle)
      area.current.disabled = false
    }, (error) => { form.write(control, path, () => Promise.reject(error)) })
    return () => {
      there = false
      binding.current?.close()
    }
  }, [])
  const left = async () => {
    if (!await binding.current?.flush()) return
    form.saved = form.check(control, path, binding.current?.value) ? keyOf(path) : ''
    form.changed()
  }
  return <textarea {...inputProps(control, path, field)} class="notes" ref={area} disabled onBlur={left} />
}
