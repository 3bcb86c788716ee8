import { Empty } from '../ui/empty.jsx'
import { t } from '../words/words.js'

/**
 * The page of a record.
 * @param {{db: any, type: string, id: string, navigate: (path: string, options?: {replace?: boolean}) => void, begin?: {[key: string]: unknown}}} props
 */
export function RecordPage (props) {
  return <Empty title={t('loading')}><h1>{props.id}</h1></Empty>
}
