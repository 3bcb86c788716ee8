import { useState } from 'preact/hooks'
import { useDatabase } from '../app/hooks.js'
import { enrolCode, navigate } from '../app/router.js'
import { Button } from '../ui/button.jsx'
import { FieldRow, describedBy } from '../ui/field-row.jsx'
import { t } from '../words/words.js'
import { Scanner } from './scanner.jsx'
import { useSubmit } from './submit.js'

/** Somebody has signed in: a code that was used up does not stay in the address. */
export function enter () {
  if (location.hash.startsWith('#enrol=')) navigate('/', { replace: true })
}

/** What the device is called among those of its person, as far as the browser tells. */
function deviceName () {
  const { userAgentData, platform } = /** @type {any} */ (navigator)
  return [t('appName'), userAgentData?.platform || platform].filter(Boolean).join(', ')
}

/**
 * Enrols this device by a code, typed or before the camera.
 * @param {{code: string, onCode: (code: string) => void}} props
 */
export function CodeForm ({ code, onCode }) {
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
