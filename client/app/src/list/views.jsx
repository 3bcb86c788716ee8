import { useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { FieldRow } from '../ui/field-row.jsx'
import { Sheet } from '../ui/sheet.jsx'
import { toast } from '../ui/toast.jsx'
import { t } from '../words/words.js'
import { parseQuery, queryText } from './query.js'
import { removeView, saveView, useViews } from './views.js'

/** A query's text, whichever way it was put. @param {string} text */
const same = (text) => queryText(parseQuery(text))

/**
 * The views of a type, the device's own and the server's, side by side: one tap each.
 * @param {{type: string, current: string, shared: import('./shared.js').View[]}} props
 */
export function Views ({ type, current, shared }) {
  const views = [
    ...useViews(type),
    ...shared.map(({ id, name }) => ({ name, query: 'view=' + encodeURIComponent(id) }))
  ]
  if (!views.length) return null
  return (
    <nav class="views" aria-label={t('views')} tabIndex={0}>
      {[{ name: t('allRecords'), query: '' }, ...views].map((view) => (
        <a key={view.query} class="toggle" href={`#/${type}${view.query && '?' + view.query}`} aria-current={same(view.query) === current ? 'page' : undefined}>{view.name}</a>
      ))}
    </nav>
  )
}

/**
 * Saves what the list shows as a view, or shares it, or lets go of a saved one.
 * @param {{type: string, current: string}} props
 */
export function SaveView ({ type, current }) {
  const views = useViews(type)
  const [naming, name] = useState(false)
  if (!current) return null
  const saved = views.find((view) => same(view.query) === current)
  const remove = () => {
    if (!saved) return
    removeView(type, saved.name)
    toast(t('viewRemoved', { name: saved.name }), { action: { label: t('undo'), run: () => saveView(type, saved) } })
  }
  return (
    <div class="row">
      <Button kind="quiet" icon="share" label={t('shareView')} onClick={() => share(saved?.name ?? t('view'), `#/${type}?${current}`)} />
      {saved
        ? <Button kind="quiet" icon="trash" onClick={remove}>{t('removeView')}</Button>
        : <Button kind="quiet" icon="star" onClick={() => name(true)}>{t('saveView')}</Button>}
      {naming && <NameView type={type} query={current} onClose={() => name(false)} />}
    </div>
  )
}

/** @param {{type: string, query: string, onClose: () => void}} props */
function NameView ({ type, query, onClose }) {
  /** @param {Event & {currentTarget: HTMLFormElement}} event */
  const save = (event) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    if (!name) return
    saveView(type, { name, query })
    toast(t('viewSaved', { name }), { tone: 'good' })
    onClose()
  }
  return (
    <Sheet title={t('saveView')} onClose={onClose} actions={<><Button onClick={onClose}>{t('cancel')}</Button><Button kind="primary" type="submit" form="view-form">{t('save')}</Button></>}>
      <form id="view-form" onSubmit={save}>
        <FieldRow id="view-name" label={t('viewName')} hint={t('viewHint')}><input id="view-name" name="name" type="text" maxLength={40} required autocomplete="off" autofocus aria-describedby="view-name-hint" /></FieldRow>
      </form>
    </Sheet>
  )
}

/**
 * Gives a link away: by what the device shares with, or by copying it.
 * @param {string} title
 * @param {string} hash
 */
async function share (title, hash) {
  const url = location.origin + location.pathname + hash
  if (navigator.share && matchMedia('(pointer: coarse)').matches) return navigator.share({ title, url }).catch(() => {})
  await navigator.clipboard.writeText(url)
  toast(t('linkCopied'), { tone: 'good' })
}
