import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, LinkButton } from '../ui/button.jsx'
import { Toasts } from '../ui/toast.jsx'
import { Mark } from '../ui/mark.jsx'
import { SyncSheet } from '../sync/sheet.jsx'
import { SyncSign } from '../sync/sign.jsx'
import { t } from '../words/words.js'
import { useServerName } from './hooks.js'
import { goBack } from './router.js'

/**
 * What is around every page: the bar with the way back, the title, and the sign of how
 * the device stands, which opens the sheet that tells more without leaving the page.
 * @param {{
 *   title: string, back?: string, heading?: boolean, place: string,
 *   children: import('preact').ComponentChildren
 * }} props back: where "back" leads when there is no page before; heading: the title is
 *   the page's heading; place: changes when another page is shown
 */
export function Frame ({ title, back, heading = true, place, children }) {
  const [telling, tellMore] = useState(false)
  const name = useServerName()
  const main = useRef(/** @type {HTMLElement | null} */ (null))
  const before = useRef(place)
  useEffect(() => {
    document.title = title === name ? title : `${title} · ${name}`
  }, [title, name])
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    tellMore(false)
    main.current?.focus({ preventScroll: true })
  }, [place])
  const Title = heading ? 'h1' : 'p'
  return (
    <>
      <header class="bar">
        {back ? <Button kind="quiet" icon="back" label={t('back')} onClick={() => goBack(back)} /> : <Mark />}
        <Title class="bar-title">{title}</Title>
        <SyncSign onPress={() => tellMore(true)} />
        {!back && <LinkButton kind="quiet" icon="settings" href="#/_settings" label={t('settings')} />}
      </header>
      <main ref={main} id="main" tabIndex={-1}>{children}</main>
      {telling && <SyncSheet onClose={() => tellMore(false)} />}
      <Toasts />
    </>
  )
}
