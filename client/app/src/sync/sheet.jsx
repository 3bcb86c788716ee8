import { useState } from 'preact/hooks'
import { useAnswer, useDatabase, useStatus } from '../app/hooks.js'
import { navigate } from '../app/router.js'
import { nameOf } from '../list/fields.js'
import { SignInAgain } from '../session/again.jsx'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { Icon } from '../ui/icon.jsx'
import { Sheet } from '../ui/sheet.jsx'
import { toast } from '../ui/toast.jsx'
import { formatAgo, formatMoment, t } from '../words/words.js'
import { signOf } from './sign.js'
import { saveRescue } from './rescue.js'
import { madeAt, reasonOf, tellLine, texts, valueOf } from './tell.js'

/** How many waiting changes are told one by one. */
const told = 100

/**
 * Tells how the device stands, what waits to be sent, and what the server refused.
 * @param {{onClose: () => void}} props
 */
export function SyncSheet ({ onClose }) {
  const db = useDatabase()
  const status = useStatus()
  const pending = useAnswer(async () => /** @type {import('../app/types.js').Change[]} */ (await db.pending()), [status])
  const refused = useAnswer(() => db.refused(), [status])
  const sign = signOf(status)
  return (
    <Sheet title={t('syncTitle')} class="sync" onClose={onClose}>
      <Notice tone={sign.tone || undefined} icon={sign.icon}><p><strong>{sign.sentence}</strong></p>{status.outOfReach && status.signedIn && !status.online && navigator.onLine && <p>{status.outOfReach}</p>}</Notice>
      {status.progress && <Progress {...status.progress} />}
      {status.note && <Notice tone="warn" icon="alert"><p>{status.note}</p><Button onClick={() => db.dismissNote()}>{t('understood')}</Button></Notice>}
      {status.signedIn ? <SyncNow status={status} /> : <SignInAgain />}
      {!!refused?.length && <section><h3>{t('refusedTitle')}</h3><p class="hint">{t('refusedHint')}</p>{refused.map((r) => <RefusedItem key={r.id} refused={r} onClose={onClose} />)}</section>}
      {!!pending?.length && <PendingList pending={pending} onClose={onClose} />}
      {(!!pending?.length || !!refused?.length) && <Rescue />}
    </Sheet>
  )
}

/** @param {{received: number, total?: number}} props */
export function Progress ({ received, total }) {
  const words = total ? t('receivedOf', { n: received, total }) : t('received', { n: received })
  return <div class="progress"><progress aria-label={t('receivingSentence')} max={total || undefined} value={total ? Math.min(received, total) : undefined} /><span>{words}</span></div>
}

/** @param {{status: import('../app/types.js').Status}} props */
function SyncNow ({ status }) {
  const db = useDatabase()
  const [busy, setBusy] = useState(false)
  const sync = async () => {
    setBusy(true)
    try {
      await db.sync()
    } catch (error) {
      toast(/** @type {Error} */ (error).message, { tone: 'bad' })
    }
    setBusy(false)
  }
  return (
    <div class="sync-now">
      <p class="muted">{status.lastSync ? t('lastSync', { when: formatAgo(status.lastSync) }) : t('neverSynced')}</p>
      <Button icon="sync" busy={busy} onClick={sync}>{t('syncNow')}</Button>
    </div>
  )
}

/** @param {{pending: import('../app/types.js').Change[], onClose: () => void}} props */
function PendingList ({ pending, onClose }) {
  return (
    <section>
      <h3>{t('pendingTitle', { n: pending.length })}</h3>
      <p class="hint">{t('pendingHint')}</p>
      <ul class="told">{pending.slice(-told).reverse().map((p) => <PendingItem key={p.n} change={p} onClose={onClose} />)}</ul>
      {pending.length > told && <p class="muted">{t('andMore', { n: pending.length - told })}</p>}
    </section>
  )
}

/** @param {{change: import('../app/types.js').Change, onClose: () => void}} props */
function PendingItem ({ change, onClose }) {
  const { type: name, doc } = change
  const { type, record } = useRecord(name, doc)
  const made = madeAt(change)
  return (
    <li>
      <a href={`#/${name}/${doc}`} onClick={onClose}>{nameOf(type, record?.value)}</a>
      <span>{tellLine(change, type)}</span>
      <time class="muted" title={formatMoment(made)}>{formatAgo(made)}</time>
    </li>
  )
}

/** @param {{refused: import('../app/types.js').Refused, onClose: () => void}} props */
function RefusedItem ({ refused: { id, type: name, doc, change, error, at }, onClose }) {
  const db = useDatabase()
  const { type, record, asked } = useRecord(name, doc)
  const parts = texts(change, type)
  const again = () => {
    onClose()
    navigate(record ? `/${name}/${doc}` : `/${name}/new?again=${id}`)
  }
  const copy = async () => {
    await navigator.clipboard.writeText(parts.map((p) => `${p.label}: ${p.text}`).join('\n'))
    toast(t('copied'), { tone: 'good' })
  }
  return (
    <article class="refused">
      <h4>{nameOf(type, record?.value ?? valueOf(change))}</h4>
      <p class="muted">{tellLine(change, type)} · {formatAgo(at)}</p>
      <p class="error"><Icon name="alert" /><span>{reasonOf(error, type)}</span></p>
      {parts.length > 0 && <dl class="texts" tabIndex={0}>{parts.map((p) => <div key={p.label}><dt>{p.label}</dt><dd>{p.text}</dd></div>)}</dl>}
      <div class="actions">
        {asked && (record || type?.grant.create) && <Button kind="primary" icon="edit" onClick={again}>{t('editAgain')}</Button>}
        {parts.length > 0 && <Button icon="copy" onClick={copy}>{t('copy')}</Button>}
        <Button icon="close" onClick={() => db.dismiss(id)}>{t('dismiss')}</Button>
      </div>
    </article>
  )
}

/**
 * The record that a change is of, and its type, as far as they are here.
 * @param {string} name
 * @param {string} id
 */
function useRecord (name, id) {
  const db = useDatabase()
  const answer = useAnswer(async () => ({ record: await db.collection(name).get(id) }), [name, id])
  return { type: db.types.find((one) => one.name === name), record: answer?.record, asked: !!answer }
}

function Rescue () {
  const db = useDatabase()
  return (
    <section>
      <h3>{t('rescueTitle')}</h3>
      <p class="hint">{t('rescueHint')}</p>
      <Button icon="download" onClick={() => saveRescue(db)}>{t('rescue')}</Button>
    </section>
  )
}

