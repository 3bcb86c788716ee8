import { render } from 'preact'
import { App } from './app/app.jsx'
import { open } from './app/open.js'
import { hearServerName } from './app/server.js'
import { Empty } from './ui/empty.jsx'
import { keepApp } from './pwa/register.js'
import { t } from './words/words.js'

const place = /** @type {HTMLElement} */ (document.getElementById('app'))
history.scrollRestoration = 'manual'

try {
  const db = await open()
  place.textContent = ''
  render(<App db={db} />, place)
} catch (error) {
  // Without storage (a private window, a full disk) there is no device to work with.
  render(<main><Empty icon="alert" title={t('cannotOpen')}><p>{/** @type {Error} */ (error).message}</p></Empty></main>, place)
}
hearServerName()
keepApp()
