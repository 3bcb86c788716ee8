import { useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { toast } from '../../ui/toast.jsx'
import { t } from '../../words/words.js'
import { useField, useShared } from '../context.js'
import { readElement } from '../enter.js'
import { Frame } from '../frame.jsx'
import { decimalSign } from '../language.js'
import { elementId, keyOf } from '../path.js'
import { textOf } from '../shown.js'

/**
 * A list of plain values, one line each.
 * @param {import('../context.js').ControlProps} props
 */
export function List ({ control, path }) {
  const { form, id, error } = useField(control, path)
  const { root } = useShared()
  const [text, setText] = useState('')
  const [fault, setFault] = useState('')
  const row = /** @type {import('../model.js').Control} */ (control.row)
  const rows = form.source.rows(path)

  const add = async () => {
    const { value, fault } = readElement(text, row.type, decimalSign())
    if (fault) return setFault(t(fault === 'integer' ? 'formWholeNumber' : 'formNumber', { label: control.label }))
    if (value === undefined) return
    const problems = form.options.validateField([...path, 'new'], value)
    if (problems.length) return setFault(problems[0].message)
    if (await form.write(control, path, () => form.source.insertRow(path, Infinity, value))) setText('')
  }
  /** @param {{id: string, value: unknown}} gone @param {number} at */
  const remove = async (gone, at) => {
    if (!await form.write(control, path, () => form.source.removeRow(path, gone.id))) return
    root.getElementById(id + '/new')?.focus()
    toast(t('formRowGone', { name: textOf(row, gone.value) }), { action: { label: t('undo'), run: () => form.write(control, path, () => form.source.insertRow(path, at, gone.value)) } })
  }
  return (
    <Frame control={control} path={path} group error={fault || undefined}>
      {rows.length > 0 && (
        <ol class="lines">
          {rows.map((one, at) => {
            const shown = textOf(row, one.value)
            const wrong = form.error([...path, one.id])
            return (
              <li key={one.id} id={elementId([...path, one.id])}>
                <span class="grow">{shown}{wrong && <span class="error">{wrong}</span>}</span>
                <Button kind="quiet" icon="up" label={t('formUp', { name: shown })} disabled={at === 0} onClick={() => form.write(control, path, () => form.source.moveRow(path, one.id, at - 1))} />
                <Button kind="quiet" icon="down" label={t('formDown', { name: shown })} disabled={at === rows.length - 1} onClick={() => form.write(control, path, () => form.source.moveRow(path, one.id, at + 1))} />
                <Button kind="quiet" icon="trash" label={t('formRemoveNamed', { name: shown })} onClick={() => remove(one, at)} />
              </li>
            )
          })}
        </ol>
      )}
      <div class="beside">
        <input
          id={id + '/new'} type="text" inputMode={row.type === 'string' ? undefined : 'decimal'} autoComplete="off" value={text} placeholder={t('formTypeToAdd')}
          aria-label={t('formNewEntry', { label: control.label })} aria-invalid={fault || error ? 'true' : undefined} aria-describedby={fault || error ? id + '-error' : undefined}
          onInput={(event) => { setText(event.currentTarget.value); setFault('') }}
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add() } }}
          onBlur={() => { form.touched.add(keyOf(path)) }}
        />
        <Button icon="plus" onClick={add} disabled={!text.trim()} label={t('formAddNamed', { name: text.trim() || control.label })} />
      </div>
    </Frame>
  )
}
