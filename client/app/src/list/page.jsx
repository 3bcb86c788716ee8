import { useEffect, useMemo, useState } from 'preact/hooks'
import { useDatabase, useLive, useStatus, useStill } from '../app/hooks.js'
import { navigate, parseRoute } from '../app/router.js'
import { Button, LinkButton } from '../ui/button.jsx'
import { Empty } from '../ui/empty.jsx'
import { Icon } from '../ui/icon.jsx'
import { t } from '../words/words.js'
import { FilterSheet } from './filters.jsx'
import { conditionOf, filterWords, parseQuery, queryText, usualSort, withFilter } from './query.js'
import { together, useShared } from './shared.js'
import { memory, Rows } from './rows.jsx'
import { SaveView, Views } from './views.jsx'

/** @typedef {import('./query.js').Query} Query */

/** How many records are asked for at first; twice as many each time the end comes near. */
const page = 100

/**
 * The records of a type: searched, filtered, sorted, and all of them at a thumb's flick.
 * @param {{type: import('../../../js/src/index.js').Type, query: string}} props query: as the address has it
 */
export function ListPage ({ type, query: text }) {
  const query = useMemo(() => parseQuery(text), [text])
  const [filtering, filter] = useState(false)
  const change = (/** @type {Query} */ next) => {
    const to = queryText(next)
    const at = parseRoute(location.hash)
    if (at.page !== 'list' || at.type !== type.name) return // a record was opened before the search had settled
    if (to !== text) navigate(`/${type.name}${to && '?' + to}`, { replace: true })
  }
  const shared = useShared(type.name)
  const view = shared.find(({ id }) => id === query.view)
  const asked = together(query, conditionOf(query, type), view)
  const { documents, count, more } = useRecords(type, text, asked)
  const filters = filterWords(query, type)
  const narrowed = filters.length > 0 || query.trash
  return (
    <div class="list-page">
      <div class="tools">
        <Search value={query.search} onSearch={(search) => change({ ...query, search })} />
        <Button icon="filter" label={t('filterAndSort')} aria-expanded={filtering} onClick={() => filter(true)} />
      </div>
      <Views type={type.name} current={queryText(query)} shared={shared} />
      {narrowed && (
        <ul class="active" aria-label={t('filters')}>
          {view && <Active text={t('inView', { name: view.name })} onRemove={() => change({ ...query, view: '' })} />}
          {query.trash && <Active text={t('trash')} onRemove={() => change({ ...query, trash: false })} />}
          {filters.map((f) => <Active key={f.key} text={f.text} onRemove={() => change(withFilter(query, f.key, []))} />)}
        </ul>
      )}
      <div class="list-head">
        <p class="muted" role="status">{count === undefined ? '' : t('records', { n: count })}</p>
        <SaveView type={type.name} current={queryText(query)} />
      </div>
      {documents && (documents.length
        ? <Rows key={queryText(query)} place={location.hash} type={type} documents={documents} onMore={more} />
        : <Nothing query={query} type={type} onClear={() => change(parseQuery(''))} />)}
      {type.grant.create && !query.trash && <LinkButton kind="primary" class="new" icon="plus" href={`#/${type.name}/new`}>{t('newRecord')}</LinkButton>}
      {filtering && <FilterSheet type={type} query={query} view={view} sort={asked.sort || usualSort} count={count} onChange={change} onClose={() => filter(false)} />}
    </div>
  )
}

/**
 * The records that a query finds, as far as they were scrolled to, live; and how many there are in all.
 * @param {import('../app/types.js').Type} type
 * @param {string} text of the query
 * @param {ReturnType<typeof together>} asked
 */
function useRecords (type, text, { condition, search, sort, trash }) {
  const db = useDatabase()
  const collection = useMemo(() => db.collection(type.name), [db, type.name])
  const place = `#/${type.name}?${text}`
  const [asked, ask] = useState({ place, limit: memory(place).limit ?? page })
  const limit = asked.place === place ? asked.limit : memory(place).limit ?? page
  const what = { search: search || undefined, deleted: trash }
  const documents = useLive(
    type.name,
    () => collection.live(condition, { ...what, sort: sort || usualSort, limit }),
    [JSON.stringify([condition, search, sort, trash]), text, limit, type]
  )
  const count = useLive(`${type.name}?${text}`, () => collection.liveCount(condition, what), [JSON.stringify([condition, search, trash]), type])
  const more = () => {
    if (!documents || documents.length < limit) return
    memory(place).limit = 2 * limit
    ask({ place, limit: 2 * limit })
  }
  return { documents, count, more }
}

/** @param {{value: string, onSearch: (text: string) => void}} props */
function Search ({ value, onSearch }) {
  const [text, set] = useState(value)
  const still = useStill(text, 180)
  useEffect(() => { if (still !== value) onSearch(still) }, [still])
  useEffect(() => { if (value !== still) set(value) }, [value])
  return (
    <form class="search" role="search" onSubmit={(event) => { event.preventDefault(); onSearch(text); /** @type {HTMLElement | null} */ (document.activeElement)?.blur() }}>
      <Icon name="search" />
      <input type="search" aria-label={t('search')} placeholder={t('search')} enterkeyhint="search" autocomplete="off" value={text} onInput={(event) => set(event.currentTarget.value)} />
      {text && <Button kind="quiet" icon="close" label={t('clearSearch')} onClick={() => { set(''); onSearch('') }} />}
    </form>
  )
}

/** @param {{text: string, onRemove: () => void}} props */
function Active ({ text, onRemove }) {
  return <li><button type="button" class="toggle" aria-label={t('removeFilter', { filter: text })} onClick={onRemove}><span>{text}</span><Icon name="close" /></button></li>
}

/** @param {{query: Query, type: import('../app/types.js').Type, onClear: () => void}} props */
function Nothing ({ query, type, onClear }) {
  const status = useStatus()
  if (query.trash) return <Empty icon="trash" title={t('trashEmpty')} />
  if (queryText({ ...query, sort: '' })) return <Empty icon="search" title={t('nothingFound')}><p>{t(status.progress ? 'stillReceiving' : 'nothingFoundMore')}</p><Button onClick={onClear}>{t('showAll')}</Button></Empty>
  if (status.progress) return <Empty icon="sync" title={t('receivingSentence')} />
  return <Empty title={t('noRecords')}>{type.grant.create && <p>{t('noRecordsMore')}</p>}</Empty>
}
