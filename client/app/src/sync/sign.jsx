import { useEffect, useState } from 'preact/hooks'
import { useStatus } from '../app/hooks.js'
import { Icon } from '../ui/icon.jsx'
import { t } from '../words/words.js'
import { signOf } from './sign.js'

/**
 * The sign of how the device stands. A screen reader hears what it changes to, except
 * how far a first sync is, which would not let it say anything else.
 * @param {{onPress: () => void}} props
 */
export function SyncSign ({ onPress }) {
  const status = useStatus()
  const [, again] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 60000)
    return () => clearInterval(timer)
  }, [])
  const sign = signOf(status)
  return (
    <>
      <button type="button" class={'sign ' + sign.tone} aria-label={t('syncLabel', { state: sign.text })} onClick={onPress}>
        <Icon name={sign.icon} class={sign.turning ? 'turning' : ''} /><span>{sign.text}</span>
      </button>
      <span class="out" role="status">{status.progress ? '' : sign.text}</span>
    </>
  )
}
