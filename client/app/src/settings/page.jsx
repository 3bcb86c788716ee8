import { useState } from 'preact/hooks'
import { useAnswer, useDatabase, useStatus } from '../app/hooks.js'
import { navigate } from '../app/router.js'
import { saveRescue } from '../sync/rescue.js'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { Sheet, Ask } from '../ui/sheet.jsx'
import { toast } from '../ui/toast.jsx'
import { formatNumber, t } from '../words/words.js'
import { LanguageChoice } from './language.jsx'

export function SettingsPage () {
  return <div class="page"><Account /><section class="panel"><h2>{t('language')}</h2><LanguageChoice /></section><Storage /></div>
}

function Account () {
  const db = useDatabase()
  const { pending } = useStatus()
  const [leaving, leave] = useState(false)
  const out = async (/** @type {boolean} */ force) => {
    try {
      await db.signOut(force ? { force } : undefined)
      navigate('/', { replace: true })
    } catch (error) {
      toast(/** @type {Error} */ (error).message, { tone: 'bad' })
    }
  }
  return (
    <section class="panel">
      <h2>{t('account')}</h2>
      <p><strong>{db.who?.name}</strong>{db.who?.role && <span class="muted"> · {roleWords(db.who.role)}</span>}</p>
      <Button icon="lock" onClick={() => leave(true)}>{t('signOut')}</Button>
      {leaving && (pending
        ? <CannotLeave pending={pending} onOut={() => out(true)} onClose={() => leave(false)} />
        : <Ask title={t('signOut')} yes={t('signOut')} onYes={() => out(false)} onClose={() => leave(false)}><p>{t('signOutHint')}</p></Ask>)}
    </section>
  )
}

/** @param {string} role */
const roleWords = (role) => ['owner', 'designer', 'editor', 'worker'].includes(role) ? t(/** @type {'worker'} */ (role)) : role

/**
 * Says why nobody is signed out while work waits, and leaves a way for the device that
 * will never reach its server again: what waits is saved first.
 * @param {{pending: number, onOut: () => void, onClose: () => void}} props
 */
function CannotLeave ({ pending, onOut, onClose }) {
  const db = useDatabase()
  const [saved, setSaved] = useState(false)
  const save = async () => {
    await saveRescue(db)
    setSaved(true)
  }
  return (
    <Sheet title={t('cannotSignOut')} onClose={onClose}>
      <Notice tone="warn" icon="clock"><p>{t('cannotSignOutMore', { n: pending })}</p></Notice>
      <p>{t('cannotSignOutWay')}</p>
      <div class="stack">
        <Button icon="download" onClick={save}>{t('rescue')}</Button>
        <Button kind="danger" disabled={!saved} onClick={() => { onClose(); onOut() }}>{t('signOutAnyway', { n: pending })}</Button>
      </div>
    </Sheet>
  )
}

function Storage () {
  const { persisted, lost } = useStatus()
  const [asked, ask] = useState(0)
  const kept = useAnswer(async () => await navigator.storage?.persisted?.() ?? null, [persisted, asked])
  const used = useAnswer(async () => (await navigator.storage?.estimate?.())?.usage, [asked])
  const offline = useAnswer(async () => !!(await navigator.serviceWorker?.getRegistration())?.active, [])
  const persist = async () => {
    const granted = await navigator.storage.persist()
    ask(asked + 1)
    if (!granted) toast(t('persistRefused'))
  }
  return (
    <section class="panel">
      <h2>{t('onThisDevice')}</h2>
      {lost && <Notice tone="bad" icon="alert"><p>{t('lostMore')}</p></Notice>}
      <p>{t(kept ? 'persisted' : 'notPersisted')}</p>
      {kept === false && <Button onClick={persist}>{t('persist')}</Button>}
      {offline !== undefined && <p>{t(offline ? 'offlineReady' : globalThis.isSecureContext ? 'offlineNotYet' : 'offlineNever')}</p>}
      {!!used && <p class="muted">{t('used', { size: formatNumber(used / 1e6, { maximumFractionDigits: 1 }) })}</p>}
    </section>
  )
}
