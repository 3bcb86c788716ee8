import { useState } from 'preact/hooks'
import { useDatabase } from '../app/hooks.js'
import { Button } from '../ui/button.jsx'
import { FieldRow, describedBy } from '../ui/field-row.jsx'
import { t } from '../words/words.js'

/** Signs the same person in again, when the session has ended; the records stay. */
export function SignInAgain () {
  const db = useDatabase()
  const { busy, error, submit } = useSubmit((data) => db.signIn({ identity: db.who?.name ?? '', password: String(data.get('password')) }))
  return (
    <form class="panel" onSubmit={submit}>
      <p>{t('againHint', { name: db.who?.name })}</p>
      <FieldRow id="again" label={t('password')} error={error}>
        <input id="again" name="password" type="password" autocomplete="current-password" required aria-invalid={!!error} aria-describedby={describedBy('again', false, error)} />
      </FieldRow>
      <Button type="submit" kind="primary" busy={busy}>{t('signIn')}</Button>
    </form>
  )
}

/**
 * A form that does one thing: while it does, it is busy; what went wrong is its error.
 * @param {(data: FormData) => Promise<unknown>} act
 */
export function useSubmit (act) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  /** @param {Event & {currentTarget: HTMLFormElement}} event */
  const submit = async (event) => {
    event.preventDefault()
    const form = event.currentTarget
    setBusy(true)
    setError('')
    try {
      await act(new FormData(form))
    } catch (fault) {
      const { code, message } = /** @type {{code?: string, message: string}} */ (fault)
      setError(code === 'offline' ? t('needsNetwork') : message)
      const secret = /** @type {HTMLInputElement | null} */ (form.querySelector('input:is([type=password], .code)'))
      secret?.select()
    }
    setBusy(false)
  }
  return { busy, error, submit }
}
