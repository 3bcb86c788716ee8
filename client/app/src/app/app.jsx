import { useEffect } from 'preact/hooks'
import { HomePage } from '../home/home.jsx'
import { ListPage } from '../list/page.jsx'
import { SettingsPage } from '../settings/page.jsx'
import { SignInPage } from '../session/page.jsx'
import { RecordPage } from '../record/page.jsx'
import { Empty } from '../ui/empty.jsx'
import { LinkButton } from '../ui/button.jsx'
import { t } from '../words/words.js'
import { Frame } from './frame.jsx'
import { DatabaseContext, titleOf, useDatabase, useLanguage, useStatus, useTypes } from './hooks.js'
import { navigate, useRoute } from './router.js'

/** @param {{db: import('./types.js').Database}} props */
export function App ({ db }) {
  const language = useLanguage()
  useEffect(() => { document.documentElement.lang = language }, [language])
  return <DatabaseContext.Provider value={db}><Pages /></DatabaseContext.Provider>
}

/** The page of the address. */
function Pages () {
  const db = useDatabase()
  const route = useRoute()
  const status = useStatus()
  const types = useTypes()
  if (!db.who) return <SignInPage />
  const place = route.page + route.type + route.id
  if (route.page === 'settings') return <Frame title={t('settings')} back="/" place={place}><SettingsPage /></Frame>
  if (route.page === 'home') return <Frame title={t('appName')} place={place}><HomePage /></Frame>
  const type = types.find((one) => one.name === route.type)
  if (!type) return <Frame title={route.type} back="/" place={place}><NoType waiting={!status.lastSync} /></Frame>
  if (route.page === 'list') {
    return <Frame title={titleOf(type)} back="/" place={place}><ListPage key={type.name} type={type} query={route.query} /></Frame>
  }
  return (
    <Frame title={titleOf(type)} back={'/' + type.name} heading={false} place={place}>
      <RecordPage key={place} db={/** @type {any} */ (db)} type={type.name} id={route.id} navigate={navigate} />
    </Frame>
  )
}

/** @param {{waiting: boolean}} props */
function NoType ({ waiting }) {
  if (waiting) return <Empty icon="sync" title={t('loading')} />
  return <Empty icon="alert" title={t('noSuchType')}><p>{t('noSuchTypeMore')}</p><LinkButton href="#/">{t('toHome')}</LinkButton></Empty>
}
