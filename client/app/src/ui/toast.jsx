// A short message at the bottom, which goes by itself: toast('Saved') from anywhere.

import { useEffect, useState } from 'preact/hooks'
import { t } from '../words/words.js'
import { Button } from './button.jsx'
import { Icon } from './icon.jsx'

/**
 * @typedef {{text: string, tone?: 'good' | 'bad', action?: {label: string, run: () => void}, stays?: boolean, until?: number}} Message
 */

/** @type {Message | null} */
let shown = null
/** @type {(message: Message | null) => void} */
let show = () => {}

/**
 * Shows a message in place of the one before. It goes after some seconds, later when
 * there is something to press, and not at all with `stays`.
 * @param {string} text
 * @param {Omit<Message, 'text'>} [options]
 */
export function toast (text, options) {
  // Its time runs on when another page is shown.
  shown = { text, ...options, until: Date.now() + (options?.action || options?.tone === 'bad' ? 10000 : 4000) }
  show(shown)
}

/** Where messages appear; once, in the frame. */
export function Toasts () {
  const [message, set] = useState(shown)
  useEffect(() => {
    show = set
    set(shown)
    // The frame that comes is there before the one that goes has gone.
    return () => { if (show === set) show = () => {} }
  }, [])
  useEffect(() => {
    if (!message || message.stays) return
    const timer = setTimeout(close, (message.until ?? 0) - Date.now())
    return () => clearTimeout(timer)
  }, [message])
  const close = () => { shown = null; set(null) }
  return (
    <div class="toasts" role="status">
      {message && (
        <div class={'toast ' + (message.tone ?? '')}>
          {message.tone && <Icon name={message.tone === 'bad' ? 'alert' : 'check'} />}
          <p>{message.text}</p>
          {message.action && <Button kind="quiet" onClick={() => { close(); message.action?.run() }}>{message.action.label}</Button>}
          <Button kind="quiet" icon="close" label={t('close')} onClick={close} />
        </div>
      )}
    </div>
  )
}
