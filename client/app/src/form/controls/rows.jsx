import { useRef, useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { Icon } from '../../ui/icon.jsx'
import { toast } from '../../ui/toast.jsx'
import { t } from '../../words/words.js'
import { useField, useShared } from '../context.js'
import { Fields } from '../field.jsx'
import { Frame } from '../frame.jsx'
import { presets } from '../model.js'
import { elementId, keyOf } from '../path.js'
import { textOf } from '../shown.js'
import { useDrag } from './drag.js'
import { useOnward } from './onward.js'

/**
 * A list whose rows are objects: a card each, which can be added, taken out again, and
 * moved by buttons, by the handle, or by the arrow keys on the handle.
 * @param {import('../context.js').ControlProps} props
 */
export function Rows ({ control, path }) {
  const { form, readOnly, id } = useField(control, path)
  const { root } = useShared()
  const rows = form.source.rows(path)
  const [said, say] = useState('')
  const list = useRef(/** @type {HTMLOListElement | null} */ (null))
  const onward = useOnward(root)
  /** The place of a row, of which there may be none yet. @param {string} row */
  const placeOf = (row) => form.source.rows(path).findIndex(({ id }) => id === row)

  /** @param {string} row @param {number} to @param {string} [back] the id of what has the focus then: moving a card takes it off */
  const move = async (row, to, back) => {
    if (to < 0 || to >= rows.length) return
    if (back) onward.go(() => placeOf(row) === to ? back : '')
    if (await form.write(control, path, () => form.source.moveRow(path, row, to))) say(t('formRowAt', { at: to + 1, n: rows.length }))
    else onward.stop()
  }
  const drag = useDrag(list, rows.map((row) => row.id), (row, to) => move(row, to))
  const first = control.controls.find(({ readOnly }) => !readOnly)
  const add = async () => {
    let made = ''
    onward.go(() => made && first && placeOf(made) >= 0 ? elementId([...path, made, first.key]) : '')
    const done = await form.write(control, path, async () => {
      made = await form.source.insertRow(path, Infinity, presets(control.controls))
      form.fresh.add(keyOf([...path, made]))
    })
    if (!done) onward.stop()
  }
  /** @param {{id: string, value: unknown}} row @param {number} at */
  const remove = async (row, at) => {
    onward.go(() => placeOf(row.id) < 0 ? id + '/add' : '')
    const gone = await form.write(control, path, () => form.source.removeRow(path, row.id))
    if (!gone) return onward.stop()
    toast(t('formRowGone', { name: titleOf(control, row.value, at) }), { action: { label: t('undo'), run: () => form.write(control, path, () => form.source.insertRow(path, at, row.value)) } })
  }
  /** A new row was left: from now on it is asked for what it lacks. @param {string} row */
  const settle = (row) => { if (form.fresh.delete(keyOf([...path, row]))) form.changed() }
  const full = control.limits.maxItems !== undefined && rows.length >= control.limits.maxItems
  return (
    <Frame control={control} path={path} group>
      <ol class="rows" ref={list}>
        {rows.map((row, at) => {
          const title = titleOf(control, row.value, at)
          const rowId = elementId([...path, row.id])
          return (
            <li
              key={row.id} class={drag.held === row.id ? 'held' : undefined} style={drag.styleOf(row.id)} aria-label={title}
              onFocusOut={(event) => { if (!inside(event)) settle(row.id) }}
            >
              <div class="row-head">
                {!readOnly && rows.length > 1 && (
                  <button
                    type="button" class="handle" id={rowId + '/handle'} aria-label={t('formHandle', { name: title })}
                    onPointerDown={(event) => drag.start(event, row.id)}
                    onKeyDown={(event) => {
                      const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
                      if (by) { event.preventDefault(); move(row.id, at + by, rowId + '/handle') }
                    }}
                  ><Icon name="drag" /></button>
                )}
                <h3>{title}</h3>
                <div class="row-tools">
                  {!readOnly && rows.length > 1 && <>
                    <Button kind="quiet" icon="up" id={rowId + '/up'} label={t('formUp', { name: title })} disabled={at === 0} onClick={() => move(row.id, at - 1, rowId + (at === 1 ? '/down' : '/up'))} />
                    <Button kind="quiet" icon="down" id={rowId + '/down'} label={t('formDown', { name: title })} disabled={at === rows.length - 1} onClick={() => move(row.id, at + 1, rowId + (at === rows.length - 2 ? '/up' : '/down'))} />
                  </>}
                  {!readOnly && <Button kind="quiet" icon="trash" label={t('formRemoveNamed', { name: title })} onClick={() => remove(row, at)} />}
                </div>
              </div>
              <div class="inner"><Fields controls={control.controls} path={[...path, row.id]} /></div>
            </li>
          )
        })}
      </ol>
      {!rows.length && <p class="muted none">{t('formNoRows')}</p>}
      {!readOnly && <Button icon="plus" id={id + '/add'} onClick={add} onKeyDown={onward.keep} disabled={full}>{t('formAddRow')}<span class="out"> {control.label}</span></Button>}
      {full && <p class="hint">{t('formFull', { n: rows.length })}</p>}
      <p class="out" role="status">{said}</p>
    </Frame>
  )
}

/**
 * What a row is called: its first text, else its number.
 * @param {import('../model.js').Control} control
 * @param {any} value
 * @param {number} at
 */
function titleOf (control, value, at) {
  const first = control.controls.find(({ key, kind }) => ['text', 'choice', 'person'].includes(kind) && value?.[key])
  return first ? textOf(first, value[first.key]) : t('formRow', { at: at + 1 })
}

/**
 * Whether the focus stays within the element that it moves in.
 * @param {import('preact').TargetedFocusEvent<HTMLElement>} event
 */
export const inside = ({ relatedTarget, currentTarget }) => relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
