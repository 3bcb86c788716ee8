import { useLayoutEffect } from 'preact/hooks'
import { HomePage } from '../home/home.jsx'
import { ListPage } from '../list/page.jsx'
import { SettingsPage } from '../settings/page.jsx'
import { SignInPage } from '../session/page.jsx'
import { RecordPage } from '../record/page.jsx'
import { Empty } from '../ui/empty.jsx'
import { LinkButton } from '../ui/button.jsx'
import { t } from '../words/words.js'
import { valueOf } from '../sync/tell.js'
import { Frame } from './frame.jsx'
import { DatabaseContext, titleOf, useAnswer, useDatabase, useLanguage, useServerName, useStatus, useTypes } from './hooks.js'
import { navigate, useRoute } from './router.js'

/** @param {{db: import('./types.js').Database}} props */
export function App ({ db }) {
  const language = useLanguage()
  useLayoutEffect(() => { document.documentElement.lang = language }, [language])
  return <DatabaseContext.Provider value={db}><Pages /></DatabaseContext.Provider>
}

/** The page of the address. */
function Pages () {
  const db = useDatabase()
  const route = useRoute()
  const status = useStatus()
  const types = useTypes()
  const name = useServerName()
  if (!db.who) return <SignInPage />
  const place = route.page + route.type + route.id
  if (route.page === 'settings') return <Frame title={t('settings')} back="/" place={place}><SettingsPage /></Frame>
  if (route.page === 'home') return <Frame title={name} place={place}><HomePage /></Frame>
  const type = types.find((one) => one.name === route.type)
  if (!type) return <Frame title={route.type} back="/" place={place}><NoType waiting={!status.lastSync} /></Frame>
  if (route.page === 'list') {
    return <Frame title={titleOf(type)} back="/" place={place}><ListPage key={type.name} type={type} query={route.query} /></Frame>
  }
  return (
    <Frame title={titleOf(type)} back={'/' + type.name} heading={false} place={place}>
      <Record key={place} route={route} />
    </Frame>
  )
}

/**
 * A record, or a new one. One that the server refused to make can be begun again with what
 * was in it.
 * @param {{route: import('./router.js').Route}} props
 */
function Record ({ route: { type, id, query } }) {
  const db = useDatabase()
  const again = Number(new URLSearchParams(query).get('again'))
  const begin = useAnswer(async () => {
    const refused = again ? (await db.refused()).find((r) => r.id === again) : undefined
    if (!refused) return { value: {} }
    // Under the same id the server knows that this one takes the place of the refused one,
    // unless that id is somebody else's.
    return { value: valueOf(refused.change), id: refused.error.code === 'not_found' ? undefined : refused.doc }
  }, [again])
  if (again && !begin) return null
  return <RecordPage db={/** @type {any} */ (db)} type={type} id={id} navigate={navigate} begin={again ? begin?.value : undefined} make={again ? begin?.id : undefined} />
}

/** @param {{waiting: boolean}} props */
function NoType ({ waiting }) {
  if (waiting) return <Empty icon="sync" title={t('loading')} />
  return <Empty icon="alert" title={t('noSuchType')}><p>{t('noSuchTypeMore')}</p><LinkButton href="#/">{t('toHome')}</LinkButton></Empty>
}
