import { useState } from 'preact/hooks'
import { t } from '../words/words.js'

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
