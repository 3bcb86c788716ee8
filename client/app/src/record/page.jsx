import { useEffect, useState } from 'preact/hooks'
import { Empty, Notice } from '../ui/empty.jsx'
import { LinkButton } from '../ui/button.jsx'
import { t } from '../words/words.js'
import { KeptRecord } from './kept.jsx'
import { NewRecord } from './new.jsx'

/**
 * The page of a record: `new` for one that is to be made. What a new record begins with,
 * where that is more than its type says, is `begin`; `make` is the id that it is to have.
 * @param {{
 *   db: any, type: string, id: string, begin?: {[key: string]: unknown}, make?: string,
 *   navigate: (path: string, options?: {replace?: boolean}) => void
 * }} props
 */
export function RecordPage ({ db, type: name, id, navigate, begin, make }) {
  const type = useType(db, name)
  if (!type) return <Empty icon="alert" title={t('recordNoType')}><p>{t('recordNoTypeMore')}</p></Empty>
  if (id === 'new') {
    if (type.grant && !type.grant.create) return <Notice tone="warn" icon="lock">{t('recordMayNotMake', { type: titleOf(type) })}</Notice>
    return <NewRecord key={name} db={db} type={type} navigate={navigate} begin={begin} make={make} />
  }
  return <Existing key={name + '/' + id} db={db} type={type} id={id} />
}

/** @param {import('../form/model.js').Type} type */
export const titleOf = (type) => type.title || type.schema?.title || type.name

/**
 * A type of the device, as it is now.
 * @param {any} db
 * @param {string} name
 * @returns {import('../form/model.js').Type | undefined}
 */
function useType (db, name) {
  const [type, set] = useState(db.collection(name).type)
  useEffect(() => {
    const read = () => set(db.collection(name).type)
    read()
    return db.onTypes(read)
  }, [db, name])
  return type
}

/** @param {{db: any, type: import('../form/model.js').Type, id: string}} props */
function Existing ({ db, type, id }) {
  const [document, setDocument] = useState(/** @type {import('../form/kept.js').Document | undefined} */ (undefined))
  const [looked, setLooked] = useState(false)
  useEffect(() => {
    const live = db.collection(type.name).liveDocument(id)
    const read = () => { if (live.value) setDocument(live.value) }
    const off = live.subscribe(read)
    read()
    db.collection(type.name).get(id).then((/** @type {any} */ found) => { if (found) setDocument((now) => now ?? found); setLooked(true) }, () => setLooked(true))
    return () => { off(); live.close() }
  }, [id, type.name])
  if (document) return <KeptRecord db={db} type={type} document={document} />
  if (!looked) return <p class="muted" role="status">{t('loading')}</p>
  return <Empty icon="alert" title={t('recordNotHere')}><p>{t('recordNotHereMore')}</p><LinkButton href={'#/' + type.name}>{t('recordToList')}</LinkButton></Empty>
}
