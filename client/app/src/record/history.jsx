import { useEffect, useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { Chip } from '../ui/chip.jsx'
import { formatAgo, formatMoment, t } from '../words/words.js'
import { textOf } from '../form/shown.js'
import { linesOf, msOf, sittings, timeOf } from './timeline.js'
import { fieldsOf } from './changes.js'

/** @typedef {import('./timeline.js').Entry} Entry */
/** @typedef {import('./timeline.js').FieldEvent} FieldEvent */

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
          {sittings(entries ?? []).map((one) => <Sitting key={one[0].place} entries={one} form={form} />)}
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

/**
 * What one person did in one go: a field is written each time it is left, and nobody
 * wants to read of each by itself.
 * @param {{entries: Entry[], form: import('../form/state.js').Form}} props
 */
function Sitting ({ entries, form }) {
  const lines = linesOf(entries, form)
  return (
    <li>
      <p class="event-head"><strong>{entries[0].by}</strong> <Time ms={timeOf(entries[entries.length - 1])} /></p>
      <ul>
        {lines.map(({ text, n, event }) => <li key={text}>{text}{n > 1 && ` (${n}×)`}{event.lost && <Lost event={event} form={form} />}</li>)}
      </ul>
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
