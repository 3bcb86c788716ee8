import { useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { toast } from '../../ui/toast.jsx'
import { t } from '../../words/words.js'
import { useField, useShared } from '../context.js'
import { Field } from '../field.jsx'
import { Frame } from '../frame.jsx'
import { isObject } from '../schemas.js'
import { elementId, keyOf } from '../path.js'
import { focusIn } from '../focus.js'

/**
 * Values under names that people give: each its own field, which merges by itself.
 * @param {import('../context.js').ControlProps & {bare?: boolean}} props
 */
export function Keys ({ control, path, bare }) {
  const { form, value, id, readOnly } = useField(control, path)
  const { root } = useShared()
  const [name, setName] = useState('')
  const [fault, setFault] = useState('')
  // A name that was just given has no value yet: it stands here until it has one.
  const [fresh, setFresh] = useState(/** @type {string[]} */ ([]))
  const row = /** @type {import('../model.js').Control} */ (control.row)
  const known = new Set(control.controls.map(({ key }) => key))
  const held = isObject(value) ? Object.keys(value).filter((key) => !known.has(key)) : []
  const keys = [...held, ...fresh.filter((key) => !held.includes(key))]

  const add = () => {
    const key = name.trim()
    if (!key) return
    if (known.has(key) || keys.includes(key)) return setFault(t('formNameTaken', { name: key }))
    setFresh([...fresh, key])
    setName('')
    setTimeout(() => focusIn(elementId([...path, key]), root))
  }
  /** @param {string} key */
  const remove = async (key) => {
    const gone = form.source.get([...path, key])
    setFresh(fresh.filter((one) => one !== key))
    form.forget([...path, key])
    if (gone === undefined) return
    if (await form.write(control, path, () => form.source.put([...path, key], undefined))) {
      toast(t('formRowGone', { name: key }), { action: { label: t('undo'), run: () => form.write(control, path, () => form.source.put([...path, key], gone)) } })
    }
  }
  const inside = <>
    {keys.map((key) => (
      <div key={key} class="keyed">
        <Field control={{ ...row, key, label: key }} path={[...path, key]} />
        {!readOnly && <Button kind="quiet" icon="trash" label={t('formRemoveNamed', { name: key })} onClick={() => remove(key)} />}
      </div>
    ))}
    {readOnly && !keys.length && <p class="muted none">{t('formNothing')}</p>}
    {!readOnly && (
      <div class="beside">
        <input
          type="text" value={name} autoComplete="off" placeholder={t('formName')} aria-label={t('formNewName', { label: control.label })}
          aria-invalid={fault ? 'true' : undefined} aria-describedby={fault ? id + '-error' : undefined}
          onInput={(event) => { setName(event.currentTarget.value); setFault('') }}
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add() } }}
          onBlur={() => { form.touched.add(keyOf(path)) }}
        />
        <Button icon="plus" onClick={add} disabled={!name.trim()} label={t('formAddNamed', { name: name.trim() || control.label })} />
      </div>
    )}
  </>
  return bare ? inside : <Frame control={control} path={path} group error={fault || undefined}>{inside}</Frame>
}
