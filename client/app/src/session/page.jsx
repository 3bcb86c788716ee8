import { useEffect, useState } from 'preact/hooks'
import { useDatabase, useStatus } from '../app/hooks.js'
import { enrolCode, navigate } from '../app/router.js'
import { LanguageChoice } from '../settings/language.jsx'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { FieldRow, describedBy } from '../ui/field-row.jsx'
import { Mark } from '../ui/mark.jsx'
import { Toasts } from '../ui/toast.jsx'
import { t } from '../words/words.js'
import { useSubmit } from './again.jsx'
import { Scanner } from './scanner.jsx'

/** Whether the browser believes that there is a network: nobody has asked the server yet. */
function useOnline () {
  const [online, set] = useState(navigator.onLine)
  useEffect(() => {
    const read = () => set(navigator.onLine)
    for (const name of ['online', 'offline']) addEventListener(name, read)
    return () => ['online', 'offline'].forEach((name) => removeEventListener(name, read))
  }, [])
  return online
}

/** A code that came with the address, once. */
function given () {
  return location.hash.startsWith('#enrol=') ? enrolCode(location.hash) ?? '' : ''
}

/** The first page on a new device: by password, or by a code that an administrator made. */
export function SignInPage () {
  const { lost } = useStatus()
  const online = useOnline()
  const [code, setCode] = useState(given)
  useEffect(() => {
    document.title = `${t('signIn')} · ${t('appName')}`
    const read = () => location.hash.startsWith('#enrol=') && setCode(given())
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const parts = [<PasswordForm key="password" />, <CodeForm key="code" code={code} onCode={setCode} />]
  return (
    <>
      <main class="session">
        <header><Mark /><h1>{t('appName')}</h1><p class="muted">{t('tagline')}</p></header>
        {lost && <Notice tone="bad" icon="alert"><p>{t('lostMore')}</p></Notice>}
        {!online && <Notice tone="warn" icon="offline"><p>{t('needsNetwork')}</p></Notice>}
        {code ? parts.reverse() : parts}
        <LanguageChoice />
      </main>
      <Toasts />
    </>
  )
}

/** Somebody has signed in: a code that was used up does not stay in the address. */
function enter () {
  if (location.hash.startsWith('#enrol=')) navigate('/', { replace: true })
}

/** What the device is called among those of its person, as far as the browser tells. */
function deviceName () {
  const { userAgentData, platform } = /** @type {any} */ (navigator)
  return [t('appName'), userAgentData?.platform || platform].filter(Boolean).join(', ')
}

function PasswordForm () {
  const db = useDatabase()
  const { busy, error, submit } = useSubmit(async (data) => {
    await db.signIn({ identity: String(data.get('name')).trim(), password: String(data.get('password')) })
    enter()
  })
  return (
    <form class="panel" onSubmit={submit}>
      <h2>{t('byPassword')}</h2>
      <FieldRow id="name" label={t('yourName')}>
        <input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      </FieldRow>
      <FieldRow id="password" label={t('password')} error={error}>
        <input id="password" name="password" type="password" autocomplete="current-password" required aria-invalid={!!error} aria-describedby={describedBy('password', false, error)} />
      </FieldRow>
      <Button type="submit" kind="primary" class="wide" busy={busy}>{t('signIn')}</Button>
    </form>
  )
}

/** @param {{code: string, onCode: (code: string) => void}} props */
function CodeForm ({ code, onCode }) {
  const db = useDatabase()
  const [scanning, scan] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    const read = enrolCode(code)
    if (!read) throw new Error(t('noCode'))
    await db.enrol(read, deviceName())
    enter()
  })
  const canScan = !!navigator.mediaDevices?.getUserMedia
  return <>
    <form class="panel" onSubmit={submit}>
      <h2>{t('byCode')}</h2>
      <FieldRow id="code" label={t('code')} hint={t(canScan ? 'codeHint' : 'codeHintNoCamera')} error={error}>
        <input
          id="code" name="code" type="text" class="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck={false} required value={code}
          onInput={(event) => onCode(event.currentTarget.value)} aria-invalid={!!error} aria-describedby={describedBy('code', true, error)}
        />
      </FieldRow>
      <div class="row">
        {canScan && <Button class="grow" icon="qr" onClick={() => scan(true)}>{t('scan')}</Button>}
        <Button class="grow" type="submit" kind={code ? 'primary' : undefined} busy={busy}>{t('enrol')}</Button>
      </div>
    </form>
    {scanning && <Scanner onClose={() => scan(false)} onCode={(found) => { onCode(found); scan(false) }} />}
  </>
}
