import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { Icon } from '../../ui/icon.jsx'
import { Sheet } from '../../ui/sheet.jsx'
import { t } from '../../words/words.js'
import { useField, useShared } from '../context.js'
import { Frame } from '../frame.jsx'

/** How many records a picker lists at a time. */
const listed = 30

/**
 * Another record, chosen from those that are here.
 * @param {import('../context.js').ControlProps} props
 */
export function Reference ({ control, path }) {
  const field = useField(control, path)
  return (
    <Frame control={control} path={path} group>
      {field.value && <ul class="refs"><Referred control={control} id={field.value} onRemove={field.readOnly || field.required ? undefined : () => field.choose(undefined)} /></ul>}
      {!field.value && field.readOnly && <p class="muted none">{t('formNothing')}</p>}
      {!field.readOnly && <Pick control={control} label={t(field.value ? 'formChooseOther' : 'formChooseRecord')} taken={field.value ? [field.value] : []} onPick={field.choose} />}
    </Frame>
  )
}

/**
 * Several other records. Each is put in or taken out by itself.
 * @param {import('../context.js').ControlProps} props
 */
export function References ({ control, path }) {
  const { form, value, readOnly } = useField(control, path)
  const held = Array.isArray(value) ? value : []
  return (
    <Frame control={control} path={path} group>
      {held.length > 0 && (
        <ul class="refs">
          {held.map((id) => <Referred key={id} control={control} id={id} onRemove={readOnly ? undefined : () => { form.write(control, path, () => form.source.exclude(path, id)) }} />)}
        </ul>
      )}
      {!held.length && readOnly && <p class="muted none">{t('formNothing')}</p>}
      {!readOnly && <Pick control={control} label={t('formAddRecord')} taken={held} onPick={(id) => form.write(control, path, () => form.source.include(path, id))} />}
    </Frame>
  )
}

/**
 * A record that is referred to, by its title, with the way to it.
 * @param {{control: import('../model.js').Control, id: string, onRemove?: () => void}} props
 */
function Referred ({ control, id, onRemove }) {
  const { others } = useShared()
  const [found, setFound] = useState(/** @type {import('../context.js').Named | false | null} */ (null))
  useEffect(() => {
    let there = true
    others.named(control.refers, id).then((named) => { if (there) setFound(named ?? false) }, () => { if (there) setFound(false) })
    return () => { there = false }
  }, [id])
  const title = found ? found.label : id
  return (
    <li>
      {found && found.href
        ? <a class="grow" href={found.href}>{title}</a>
        : <span class="grow">{title}{found === false && <span class="hint">{t('formNotHere')}</span>}</span>}
      {onRemove && <Button kind="quiet" icon="close" label={t('formRemoveNamed', { name: title })} onClick={onRemove} />}
    </li>
  )
}

/**
 * The button that opens the picker, and the picker.
 * @param {{control: import('../model.js').Control, label: string, taken: string[], onPick: (id: string) => void}} props
 */
function Pick ({ control, label, taken, onPick }) {
  const { others } = useShared()
  const [open, setOpen] = useState(false)
  if (!others.has(control.refers)) return <p class="hint">{t('formTypeNotHere', { type: control.refers })}</p>
  return <>
    <Button icon="search" onClick={() => setOpen(true)}>{label}<span class="out"> {control.label}</span></Button>
    {open && <Picker type={control.refers} title={control.label} taken={taken} onClose={() => setOpen(false)} onPick={(id) => { setOpen(false); onPick(id) }} />}
  </>
}

/**
 * @param {{type: string, title: string, taken: string[], onClose: () => void, onPick: (id: string) => void}} props
 */
function Picker ({ type, title, taken, onClose, onPick }) {
  const { others } = useShared()
  const [search, setSearch] = useState('')
  const [found, setFound] = useState(/** @type {import('../context.js').Named[] | null} */ (null))
  useEffect(() => {
    let there = true
    const timer = setTimeout(async () => {
      const list = await others.find(type, search, listed + taken.length).catch(() => [])
      if (there) setFound(list.filter(({ id }) => !taken.includes(id)).slice(0, listed))
    }, found ? 150 : 0)
    return () => { there = false; clearTimeout(timer) }
  }, [search])
  return (
    <Sheet title={title} onClose={onClose}>
      <div class="search-box"><Icon name="search" /><input type="search" value={search} aria-label={t('formSearch')} placeholder={t('formSearch')} onInput={(event) => setSearch(event.currentTarget.value)} /></div>
      <ul class="picks">
        {found?.map((one) => <li key={one.id}><button type="button" onClick={() => onPick(one.id)}>{one.label}</button></li>)}
      </ul>
      <p class={found && !found.length ? 'muted' : 'out'} role="status">{found ? t('formFound', { n: found.length }) : ''}</p>
    </Sheet>
  )
}
