import { useEffect, useState } from 'preact/hooks'
import { useDatabase, useServerName, useStatus } from '../app/hooks.js'
import { enrolCode } from '../app/router.js'
import { LanguageChoice } from '../settings/language.jsx'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { FieldRow, describedBy } from '../ui/field-row.jsx'
import { Mark } from '../ui/mark.jsx'
import { Toasts } from '../ui/toast.jsx'
import { t } from '../words/words.js'
import { CodeForm, enter } from './code.jsx'
import { useSubmit } from './submit.js'

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
  const name = useServerName()
  const [code, setCode] = useState(given)
  useEffect(() => {
    document.title = `${t('signIn')} · ${name}`
  }, [name])
  useEffect(() => {
    const read = () => location.hash.startsWith('#enrol=') && setCode(given())
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const parts = [<PasswordForm key="password" />, <CodeForm key="code" code={code} onCode={setCode} />]
  return (
    <>
      <main class="session">
        <header><Mark /><h1>{name}</h1><p class="muted">{t('tagline')}</p></header>
        {lost && <Notice tone="bad" icon="alert"><p>{t('lostMore')}</p></Notice>}
        {!online && <Notice tone="warn" icon="offline"><p>{t('needsNetwork')}</p></Notice>}
        {code ? parts.reverse() : parts}
        <LanguageChoice />
      </main>
      <Toasts />
    </>
  )
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
