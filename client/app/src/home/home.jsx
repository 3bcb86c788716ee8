import { titleOf, useDatabase, useLive, useStatus, useTypes } from '../app/hooks.js'
import { Progress } from '../sync/sheet.jsx'
import { Empty, Notice } from '../ui/empty.jsx'
import { Icon } from '../ui/icon.jsx'
import { t } from '../words/words.js'

/** What there is to work on: the types, each with how many records are here. */
export function HomePage () {
  const status = useStatus()
  const types = useTypes()
  return (
    <div class="page">
      {status.lost && <Notice tone="bad" icon="alert"><p>{t('lostMore')}</p></Notice>}
      {status.progress && <section class="panel"><p><strong>{t('receivingSentence')}</strong></p><Progress {...status.progress} /><p class="hint">{t('receivingHint')}</p></section>}
      {types.length > 0
        ? <ul class="types">{types.map((type) => <TypeCard key={type.name} type={type} />)}</ul>
        : status.lastSync
          ? <Empty title={t('noTypes')}><p>{t('noTypesMore')}</p></Empty>
          : <Empty icon={status.online ? 'sync' : 'offline'} title={t(status.online ? 'receivingSentence' : 'nothingYet')}><p>{t(status.online ? 'firstHint' : 'nothingYetMore')}</p></Empty>}
    </div>
  )
}

/** @param {{type: import('../app/types.js').Type}} props */
function TypeCard ({ type }) {
  const db = useDatabase()
  const count = useLive(type.name, () => db.collection(type.name).liveCount(), [])
  return (
    <li>
      <a class="type-card" href={'#/' + type.name}>
        <span class="type-name">{titleOf(type)}</span>
        {type.schema?.description && <span class="type-about">{type.schema.description}</span>}
        <span class="type-count">{count === undefined ? '' : t('records', { n: count })}</span>
        <Icon name="chevron" />
      </a>
    </li>
  )
}
