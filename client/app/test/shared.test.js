import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery, queryText } from '../src/list/query.js'
import { keepViews, keptViews, together } from '../src/list/shared.js'

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
