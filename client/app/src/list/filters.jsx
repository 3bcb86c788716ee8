import { Button } from '../ui/button.jsx'
import { Toggle } from '../ui/chip.jsx'
import { FieldRow } from '../ui/field-row.jsx'
import { Sheet } from '../ui/sheet.jsx'
import { t } from '../words/words.js'
import { choiceOf, filterFields, keyOf, sortFields } from './fields.js'
import { days, parseQuery, spans, withFilter } from './query.js'
import { viewSentences } from './sentences.js'

/**
 * @typedef {import('./query.js').Query} Query
 * @typedef {import('./query.js').Filter} Filter
 * @typedef {import('../../../js/src/index.js').Type} Type
 * @typedef {import('./shared.js').View} View
 */

/**
 * What the list is filtered and sorted by. Each tap acts at once, and the button at the
 * bottom says how many records are left.
 * @param {{
 *   type: Type, query: Query, view?: View, sort: string, count: number | undefined,
 *   onChange: (query: Query) => void, onClose: () => void
 * }} props view: of the server, that the list begins with; sort: that the list is in, whoever asked for it
 */
export function FilterSheet ({ type, query, view, sort, count, onChange, onClose }) {
  const actions = <>
    <Button onClick={() => onChange({ ...parseQuery(''), search: query.search })}>{t('clear')}</Button>
    <Button kind="primary" onClick={onClose}>{count === undefined ? t('show') : t('showRecords', { n: count })}</Button>
  </>
  return (
    <Sheet title={t('filterAndSort')} class="filters" onClose={onClose} actions={actions}>
      {view && <FromView type={type} view={view} onLeave={() => onChange({ ...query, view: '' })} />}
      <Sort type={type} sort={sort} onChange={(sort) => onChange({ ...query, sort })} />
      {filterFields(type).map((filter) => <OneFilter key={keyOf(filter.field)} filter={filter} query={query} onChange={onChange} />)}
      <FieldRow id="trash" group label={t('trash')}>
        <div class="toggles"><Toggle on={query.trash} onChange={(trash) => onChange({ ...query, trash })}>{t('showTrash')}</Toggle></div>
      </FieldRow>
    </Sheet>
  )
}

/** @param {{type: Type, view: View, onLeave: () => void}} props */
function FromView ({ type, view, onLeave }) {
  return (
    <FieldRow id="view" group label={t('viewAsks', { name: view.name })}>
      <ul class="asks">{viewSentences(view, type).map((text) => <li key={text}>{text}</li>)}</ul>
      <Button icon="close" onClick={onLeave}>{t('leaveView')}</Button>
    </FieldRow>
  )
}

/** @param {{type: Type, sort: string, onChange: (sort: string) => void}} props */
function Sort ({ type, sort, onChange }) {
  const down = sort.startsWith('-')
  const key = down ? sort.slice(1) : sort
  const set = (/** @type {string} */ next, /** @type {boolean} */ falling) => onChange((falling ? '-' : '') + next)
  return (
    <FieldRow id="sort" label={t('sortBy')}>
      <div class="sort">
        <select id="sort" value={key} onChange={(event) => set(event.currentTarget.value, event.currentTarget.value === '_updated')}>
          <option value="_updated">{t('lastChanged')}</option>
          {sortFields(type).map((f) => <option key={keyOf(f)} value={keyOf(f)}>{f.title}</option>)}
        </select>
        <Button icon={down ? 'down' : 'up'} label={t(down ? 'falling' : 'rising')} onClick={() => set(key, !down)} />
      </div>
    </FieldRow>
  )
}

/** @param {{filter: Filter, query: Query, onChange: (query: Query) => void}} props */
function OneFilter ({ filter: { field, kind }, query, onChange }) {
  const key = keyOf(field), values = query.filters[key] ?? [], id = 'filter-' + key
  const set = (/** @type {string[]} */ next) => onChange(withFilter(query, key, next))
  const toggle = (/** @type {string} */ value, /** @type {boolean} */ on, /** @type {boolean} */ single = false) =>
    set(on ? [...(single ? [] : values), value] : values.filter((v) => v !== value))
  /** @type {[string, string][]} */
  let choices = []
  if (kind === 'choice' || kind === 'has') choices = (field.enum ?? []).map((v) => [String(v), choiceOf(field, v)])
  if (kind === 'flag') choices = [['yes', t('yes')], ['no', t('no')]]
  if (kind === 'me') choices = [['$me', t('me')]]
  if (kind === 'day') choices = Object.keys(spans).map((name) => [name, t(/** @type {'today'} */ (name))])
  return (
    <FieldRow id={id} group label={field.title}>
      <div class="toggles">
        {choices.map(([value, words]) => <Toggle key={value} on={values.includes(value)} onChange={(on) => toggle(value, on, kind === 'flag' || kind === 'day')}>{words}</Toggle>)}
      </div>
      {kind === 'day' && <Range id={id} value={values[0] ?? ''} onChange={(range) => set(range ? [range] : [])} />}
    </FieldRow>
  )
}

/** @param {{id: string, value: string, onChange: (range: string) => void}} props */
function Range ({ id, value, onChange }) {
  const [from, to] = Object.hasOwn(spans, value) ? ['', ''] : days(value, new Date())
  const set = (/** @type {string} */ a, /** @type {string} */ b) => onChange(a || b ? `${a}..${b}` : '')
  return (
    <div class="range">
      <label for={id + '-from'}>{t('from')}<input id={id + '-from'} type="date" value={from} onChange={(event) => set(event.currentTarget.value, to)} /></label>
      <label for={id + '-to'}>{t('to')}<input id={id + '-to'} type="date" value={to} onChange={(event) => set(from, event.currentTarget.value)} /></label>
    </div>
  )
}
