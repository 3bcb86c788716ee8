import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { Chip } from '../ui/chip.jsx'
import { Notice } from '../ui/empty.jsx'
import { toast } from '../ui/toast.jsx'
import { formatAgo, t } from '../words/words.js'
import { nameOf } from '../list/fields.js'
import { FormView, Summary } from '../form/form.jsx'
import { formOfKept } from './begin.js'
import { keepDraft, readDraft } from './drafts.js'
import { History } from './history.jsx'
import { othersOf } from './others.js'
import { Refused } from './refused.jsx'

/**
 * A record on the device: what it is called, how it stands, its form, its history.
 * @param {{db: any, type: import('../form/model.js').Type, document: import('../form/kept.js').Document}} props
 */
export function KeptRecord ({ db, type, document }) {
  const form = useFormOf(db, type, document)
  const [fault, setFault] = useState('')
  // Before the next frame: who presses or types then does so in the record as it is.
  useLayoutEffect(() => {
    form.readOnly = document.deleted
    form.setDocument(document)
  }, [form, document])
  const collection = db.collection(type.name)
  const others = useMemo(() => othersOf(db, type.name), [db, type.name])

  /** @param {() => Promise<unknown>} what @param {() => void} [then] */
  const attempt = async (what, then) => {
    setFault('')
    try {
      await what()
      then?.()
    } catch (error) {
      setFault(/** @type {Error} */ (error).message)
    }
  }
  const restore = () => attempt(() => collection.restore(document.id))
  const remove = () => attempt(() => collection.remove(document.id), () => {
    toast(t('recordInTrash'), { action: { label: t('undo'), run: restore } })
  })
  return (
    <article class="record">
      <h1 class="record-title" tabIndex={-1}>{nameOf(/** @type {any} */ (type), document.value)}</h1>
      <State document={document} />
      {document.deleted && <Notice tone="warn" icon="trash"><p>{t('recordTrashed')}</p><Button icon="restore" onClick={restore}>{t('recordRestore')}</Button></Notice>}
      {fault && <Notice tone="bad" icon="alert" live>{fault}</Notice>}
      <Refused db={db} type={type} id={document.id} />
      <Summary form={form} title={t('recordAttention')} tone="warn" />
      <FormView form={form} others={others} />
      <History db={db} type={type} document={document} form={form} />
      <div class="actions">
        <CopyLink />
        {!document.deleted && <Button kind="danger" icon="trash" onClick={remove}>{t('recordRemove')}</Button>}
      </div>
    </article>
  )
}

/**
 * The form of a record. What is typed when the page goes is written; what cannot be is
 * kept in the browser, and is there again when somebody comes back.
 * @param {any} db
 * @param {import('../form/model.js').Type} type
 * @param {import('../form/kept.js').Document} document
 */
function useFormOf (db, type, document) {
  const place = { me: db.who?.name ?? '', type: type.name, id: document.id }
  const last = useRef(/** @type {import('../form/state.js').Form | null} */ (null))
  const form = useMemo(() => {
    const made = formOfKept(db, type, document)
    made.resume(last.current?.unwritten() ?? /** @type {any} */ (readDraft(place)) ?? [])
    return last.current = made
  }, [type, document.id])
  useEffect(() => {
    const go = () => {
      const typed = form.unwritten()
      keepDraft(place, typed.length ? typed : undefined)
      if (typed.length) form.leaveAll().then(() => keepDraft(place, form.unwritten().length ? form.unwritten() : undefined))
    }
    addEventListener('pagehide', go)
    return () => {
      removeEventListener('pagehide', go)
      go()
    }
  }, [form])
  return form
}

/** @param {{document: import('../form/kept.js').Document}} props */
function State ({ document: { pending, problems, deleted, disagreements, updated, updatedBy } }) {
  const when = updated ? formatAgo(Number(updated)) : ''
  return (
    <div class="chips states">
      {pending && <Chip tone="accent" icon="up">{t('recordWaiting')}</Chip>}
      {deleted && <Chip tone="warn" icon="trash">{t('recordInTrash')}</Chip>}
      {problems.length > 0 && <Chip tone="warn" icon="alert">{t('recordNeedsAttention')}</Chip>}
      {disagreements.length > 0 && <Chip tone="warn" icon="alert">{t('recordPickOne')}</Chip>}
      {when && <span class="hint">{updatedBy ? t('recordChangedBy', { when, who: updatedBy }) : t('recordChanged', { when })}</span>}
    </div>
  )
}

/** Copies the address of the page; where the browser forbids that, shows it. */
function CopyLink () {
  const [shown, show] = useState(false)
  const copy = () => Promise.resolve().then(() => navigator.clipboard.writeText(location.href)).then(() => toast(t('recordLinkCopied'), { tone: 'good' }), () => show(true))
  if (shown) return <input type="text" readOnly value={location.href} aria-label={t('recordLink')} onFocus={(event) => event.currentTarget.select()} />
  return <Button icon="copy" onClick={copy}>{t('recordCopyLink')}</Button>
}
