// Keeps the app on the device, and says when a newer one has come. A page that is open
// goes on with the version it began with until the person says to reload.

import { toast } from '../ui/toast.jsx'
import { t } from '../words/words.js'

/** Registers the service worker, where the browser allows it. */
export async function keepApp () {
  const workers = navigator.serviceWorker
  if (!workers) return
  const known = !!workers.controller
  let reloading = false
  const offer = (/** @type {() => void} */ reload) => toast(t('newVersion'), { stays: true, action: { label: t('reload'), run: reload } })
  const reload = () => {
    reloading = true
    location.reload()
  }
  let wanted = false
  // Another tab took the new version: this one still runs with the old, and offers too.
  workers.addEventListener('controllerchange', () => {
    if (!known || reloading) return
    if (wanted) reload()
    else offer(reload)
  })
  try {
    const registration = await workers.register('/app/sw.js', { scope: '/app' })
    const waits = () => {
      if (!registration.waiting || !workers.controller) return
      offer(() => {
        wanted = true
        registration.waiting ? registration.waiting.postMessage('take over') : reload()
      })
    }
    waits()
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', waits))
    // Somebody who never closes the app still hears of a new one.
    addEventListener('online', () => registration.update().catch(() => {}))
    setInterval(() => registration.update().catch(() => {}), 3600000)
  } catch {
    // Not over https, or forbidden: the app works, only not without its server. Settings say so.
  }
}
