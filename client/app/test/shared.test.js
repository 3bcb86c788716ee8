import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery, queryText } from '../src/list/query.js'
import { viewSentences } from '../src/list/sentences.js'
import { keepViews, keptViews, together } from '../src/list/shared.js'
import { setLanguage } from '../src/words/words.js'
import { field, workOrder } from './work-orders.js'

/** A storage of its own. @returns {any} */
function storage () {
  const all = new Map()
  return { getItem: (/** @type {string} */ key) => all.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => { all.set(key, value) } }
}

const open = { id: 'v1', name: 'Open', by: 'eve', shared: true, where: { field: 'status', is: 'open' }, sort: [{ path: ['due'], desc: true }], search: 'pump' }

test('the views of the server are kept for who is signed in alone', () => {
  const at = storage()
  keepViews('eve', 'a', [open], at)
  keepViews('eve', 'b', [], at)
  assert.deepEqual(keptViews('eve', 'a', at), [open])
  assert.deepEqual(keptViews('wim', 'a', at), [])
  keepViews('wim', 'b', [open], at)
  assert.deepEqual(keptViews('eve', 'a', at), [], 'what was another\'s is gone')
  at.setItem('fieldstack.shared', '{"who":"wim","types":{"a":[1,{"id":2}],')
  assert.deepEqual(keptViews('wim', 'a', at), [])
})

test('a view and the filters beside it hold together', () => {
  const query = parseQuery('view=v1&q=seal')
  assert.equal(queryText(query), 'view=v1&q=seal')
  const own = { field: 'urgent', is: true }
  assert.deepEqual(together(query, own, open), { condition: { all: [open.where, own] }, search: 'pump seal', sort: '-due', trash: false })
  assert.deepEqual(together(query, undefined, open).condition, open.where)
  assert.deepEqual(together(query, own, undefined), { condition: own, search: 'seal', sort: '', trash: false })
  assert.equal(together(parseQuery('view=v1&sort=site'), undefined, open).sort, 'site')
})

test('a view in its own order can be put into the usual one', () => {
  assert.equal(queryText(parseQuery('view=v1&sort=-_updated')), 'view=v1&sort=-_updated')
  assert.equal(queryText(parseQuery('sort=-_updated')), '')
})

test('what a view asks for is said in sentences', () => {
  const fields = [...workOrder.fields, field({ path: ['risks'], title: 'Risks', strategy: 'set', type: 'array', options: [{ value: 'gas', title: 'Fumes' }] })]
  const type = { field: (/** @type {readonly string[]} */ path) => fields.find((f) => f.path.join() === path.join()) }
  const where = {
    all: [
      { field: 'status', in: ['in_progress', 'waiting'] }, { field: 'assignee', is: '$me' }, { field: 'due', below: '2026-03-04' }, { field: 'due', to: '$today' },
      { any: [{ field: 'site', starts: 'Hall' }, { field: 'urgent', is: true }, { field: 'hours', above: 1234.5 }] }, { field: 'risks', has: 'gas' }, { none: [{ field: 'gone', empty: true }] }
    ]
  }
  setLanguage('en')
  assert.deepEqual(viewSentences({ ...open, where }, type), [
    'Status is In progress or Waiting', 'Assigned to is me', 'Due is before Mar 4, 2026', 'Due is not after today',
    'Site begins with “Hall” or Urgent is yes or Hours is above 1,234.5', 'Risks has Fumes', 'not (gone is empty)', 'Search: “pump”'
  ])
  setLanguage('de')
  assert.deepEqual(viewSentences({ ...open, where, search: undefined, state: 'trash' }, type), [
    'Status ist In progress oder Waiting', 'Assigned to bin ich', 'Due ist vor 04.03.2026', 'Due ist nicht nach heute',
    'Site beginnt mit „Hall“ oder Urgent ist Ja oder Hours ist größer als 1.234,5', 'Risks hat Fumes', 'nicht (gone ist leer)', 'Was im Papierkorb liegt'
  ])
  setLanguage('en')
  assert.deepEqual(viewSentences({ ...open, where: { field: 'site', is: 'Camp' } }, type), ['Site is “Camp”', 'Search: “pump”'])
  assert.deepEqual(viewSentences({ ...open, where: undefined }, type), ['Search: “pump”'])
})
