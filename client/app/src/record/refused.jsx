import { useEffect, useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { formatMoment, t } from '../words/words.js'
import { reasonOf } from '../sync/tell.js'
import { fieldsOf } from './changes.js'

/**
 * What of this record the server did not take, and why. It stays until somebody has
 * read it.
 * @param {{db: any, type: import('../form/model.js').Type, id: string}} props
 */
export function Refused ({ db, type, id }) {
  const [list, setList] = useState(/** @type {any[]} */ ([]))
  useEffect(() => {
    let there = true
    const read = () => db.refused().then((/** @type {any[]} */ all) => { if (there) setList(all.filter((one) => one.type === type.name && one.doc === id)) }, () => {})
    read()
    let count = db.status.refused
    const off = db.onStatus(() => { if (db.status.refused !== count) { count = db.status.refused; read() } })
    return () => { there = false; off() }
  }, [db, type.name, id])
  /** @param {unknown} one */
  const dismiss = async (one) => {
    await db.dismiss(one)
    setList((now) => now.filter(({ id }) => id !== one))
  }
  return <>
    {list.map((one) => (
      <Notice key={one.id} tone="bad" icon="alert">
        <h2>{t('recordRefused')}</h2>
        <p>{reasonOf(one.error, /** @type {any} */ (type))}</p>
        <ul>{fieldsOf(type, one.change).map(({ label, wrote }) => <li key={label}>{label}{wrote && <>: <q>{wrote}</q></>}</li>)}</ul>
        {one.at && <p class="hint">{formatMoment(one.at)}</p>}
        <Button onClick={() => dismiss(one.id)}>{t('recordDismiss')}</Button>
      </Notice>
    ))}
  </>
}
