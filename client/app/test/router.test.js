import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrolCode, parseRoute } from '../src/app/router.js'
import { removeView, saveView, viewsOf } from '../src/list/views.js'

test('an address says what to show', () => {
  const route = (/** @type {string} */ hash) => { const { page, type, id, query } = parseRoute(hash); return [page, type, id, query].join(' ').trim() }
  assert.equal(route(''), 'home')
  assert.equal(route('#/'), 'home')
  assert.equal(route('#/_settings'), 'settings')
  assert.equal(route('#/work-order'), 'list work-order')
  assert.equal(route('#/work-order?q=a?b&sort=-due'), 'list work-order  q=a?b&sort=-due')
  assert.equal(route('#/work-order/0198-ab'), 'record work-order 0198-ab')
  assert.equal(route('#/work-order/new?again=3'), 'record work-order new again=3')
  assert.equal(route('#enrol=KX7P-2M9Q'), 'home')
  assert.equal(route('#/%E0%A4%A/x'), 'home', 'an address that is no text is nowhere')
})

test('a code is found in a link and by itself', () => {
  assert.equal(enrolCode('https://example.org/app/#enrol=KX7P-2M9Q'), 'KX7P-2M9Q')
  assert.equal(enrolCode(' KX7P-2M9Q\n'), 'KX7P-2M9Q')
  assert.equal(enrolCode('https://example.org/menu'), null)
  assert.equal(enrolCode(''), null)
})

/** @returns {Storage} */
function storage () {
  const kept = new Map()
  return /** @type {any} */ ({ getItem: (/** @type {string} */ k) => kept.get(k) ?? null, setItem: (/** @type {string} */ k, /** @type {string} */ v) => kept.set(k, v) })
}

test('views are kept by type and name', () => {
  const at = storage()
  saveView('a', { name: 'Mine', query: 'q=1' }, at)
  saveView('b', { name: 'Mine', query: 'q=2' }, at)
  saveView('a', { name: 'Mine', query: 'q=3' }, at)
  assert.deepEqual(viewsOf('a', at), [{ name: 'Mine', query: 'q=3' }])
  removeView('a', 'Mine', at)
  assert.deepEqual(viewsOf('a', at), [])
  assert.equal(viewsOf('b', at).length, 1)
  at.setItem('fieldstack.views', '{"a":[1,{"name":2}],')
  assert.deepEqual(viewsOf('a', at), [], 'what is broken is as if it were not there')
})
