import { useState } from 'preact/hooks'
import { useDatabase } from '../app/hooks.js'
import { Button } from '../ui/button.jsx'
import { FieldRow, describedBy } from '../ui/field-row.jsx'
import { t } from '../words/words.js'
import { CodeForm } from './code.jsx'
import { useSubmit } from './submit.js'

/**
 * Signs the same person in again, when the session has ended; the records stay. Whoever
 * came with a code may have no password, and comes with another code.
 */
export function SignInAgain () {
  const db = useDatabase()
  const [code, setCode] = useState('')
  const name = db.who?.name ?? ''
  const { busy, error, submit } = useSubmit((data) => db.signIn({ identity: name, password: String(data.get('password')) }))
  return <>
    <p>{t('againHint', { name })}</p>
    <form class="panel" onSubmit={submit}>
      <input type="text" autocomplete="username" value={name} readOnly hidden />
      <FieldRow id="again" label={t('password')} error={error}>
        <input id="again" name="password" type="password" autocomplete="current-password" required aria-invalid={!!error} aria-describedby={describedBy('again', false, error)} />
      </FieldRow>
      <Button type="submit" kind="primary" class="wide" busy={busy}>{t('signIn')}</Button>
    </form>
    <CodeForm code={code} onCode={setCode} />
  </>
}
