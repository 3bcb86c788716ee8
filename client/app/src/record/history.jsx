import { useEffect, useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { Chip } from '../ui/chip.jsx'
import { formatAgo, formatMoment, language, t } from '../words/words.js'
import { textOf } from '../form/shown.js'
import { fieldsOf } from './changes.js'

/**
 * @typedef {{field: string, label: string, did: string, text: string, after?: unknown, lost?: boolean, losses?: {path: string[], wrote: unknown}[]}} FieldEvent
 * @typedef {{place: string, at: number, by: string, stamp: string, fields: FieldEvent[]}} Entry
 */

/**
 * Who changed what, newest first, as the server knows it, and above it what waits on
 * this device. It is fetched when it is opened.
 * @param {{
 *   db: any, type: import('../form/model.js').Type, document: import('../form/kept.js').Document, form: import('../form/state.js').Form
 * }} props
 */
export function History ({ db, type, document, form }) {
  const [open, setOpen] = useState(false)
  const [entries, setEntries] = useState(/** @type {(Entry[] & {begins?: number}) | null} */ (null))
  const [fault, setFault] = useState('')
  const [waiting, setWaiting] = useState(/** @type {any[]} */ ([]))
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (!open) return
    let there = true
    db.pending().then((/** @type {any[]} */ all) => { if (there) setWaiting(all.filter((one) => one.type === type.name && one.doc === document.id)) }, () => {})
    db.collection(type.name).history(document.id).then(
      (/** @type {Entry[]} */ found) => { if (there) { setEntries(found); setFault('') } },
      (/** @type {any} */ error) => { if (there) setFault(error.code === 'offline' ? t('recordHistoryOffline') : error.code === 'not_found' ? t('recordHistoryNotYet') : error.message) }
    )
    return () => { there = false }
  }, [open, document, asked])
  return (
    <details class="panel history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>{t('recordHistory')}</h2></summary>
      {open && <>
        <p class={fault ? 'muted' : 'out'} role="status">{fault}</p>
        {fault && <Button icon="sync" onClick={() => setAsked(asked + 1)}>{t('tryAgain')}</Button>}
        <ol class="timeline">
          {[...waiting].reverse().map((change) => <Waiting key={change.n} type={type} change={change} />)}
          {[...entries ?? []].reverse().map((entry) => <Event key={entry.place} entry={entry} form={form} />)}
        </ol>
        {entries?.begins && <p class="hint">{t('recordHistoryBegins', { when: formatMoment(entries.begins) })}</p>}
        {!entries && !fault && <p class="muted">{t('loading')}</p>}
      </>}
    </details>
  )
}

/** @param {{type: import('../form/model.js').Type, change: any}} props */
function Waiting ({ type, change }) {
  return (
    <li class="waiting">
      <p class="event-head"><strong>{t('recordYou')}</strong> <Time ms={msOf(change.stamp)} /> <Chip tone="accent" icon="up">{t('recordWaiting')}</Chip></p>
      <ul>{fieldsOf(type, change).map(({ label, wrote }) => <li key={label}>{label}{wrote && ': ' + wrote}</li>)}</ul>
    </li>
  )
}

/** @param {{entry: Entry, form: import('../form/state.js').Form}} props */
function Event ({ entry, form }) {
  return (
    <li>
      <p class="event-head"><strong>{entry.by}</strong> <Time ms={msOf(entry.stamp) || entry.at} /></p>
      <ul>{entry.fields.map((one) => <li key={one.field}>{sentence(one, form)}{one.lost && <Lost event={one} form={form} />}</li>)}</ul>
    </li>
  )
}

/**
 * A value that met a newer one and does not show; it can be had back.
 * @param {{event: FieldEvent, form: import('../form/state.js').Form}} props
 */
function Lost ({ event, form }) {
  const control = form.controlAt([event.field])
  return (
    <div class="lost">
      <Chip tone="warn">{t('recordMetNewer')}</Chip>
      {!form.readOnly && !control?.readOnly && event.losses?.filter(({ wrote }) => wrote !== null && wrote !== undefined).map(({ path, wrote }) => {
        const at = form.controlAt(path)
        return at && <Button key={path.join('/')} icon="restore" onClick={() => form.choose(at, path, wrote)}>{t('recordTakeAgain', { value: textOf(at, wrote) })}</Button>
      })}
    </div>
  )
}

/** @param {{ms: number}} props */
function Time ({ ms }) {
  return ms ? <time dateTime={new Date(ms).toISOString()} title={formatMoment(ms)}>{formatAgo(ms)}</time> : null
}

/** The time of a stamp, ms since 1970: 48 bits in hex digits go first. @param {unknown} stamp */
const msOf = (stamp) => typeof stamp === 'string' ? parseInt(stamp.slice(0, 12), 16) || 0 : 0

/** @type {{[did: string]: import('../words/words.js').Key}} */
const did = {
  created: 'recordDidCreated', deleted: 'recordDidDeleted', restored: 'recordDidRestored', set: 'recordDidSet', removed: 'recordDidRemoved',
  added: 'recordDidAdded', raised: 'recordDidSet', lowered: 'recordDidSet', text: 'recordDidText', rows: 'recordDidRows',
  included: 'recordDidSet', excluded: 'recordDidSet', changed: 'recordDidSet'
}

/**
 * What was done, in the language of the app. The server tells it in English, and with
 * more detail.
 * @param {FieldEvent} event
 * @param {import('../form/state.js').Form} form
 */
function sentence (event, form) {
  const control = form.controlAt([event.field])
  const ownWords = event.did === 'set' && ['choice', 'yesno', 'date', 'datetime', 'time'].includes(control?.kind ?? '')
  if (language() === 'en' && !ownWords) return event.text
  const key = did[event.did] ?? 'recordDidSet'
  return t(key, { label: event.label, value: event.after === undefined || typeof event.after === 'object' && !Array.isArray(event.after) ? '…' : textOf(control, event.after) })
}
