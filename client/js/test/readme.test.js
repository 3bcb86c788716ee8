// The examples of the README, run one after the other on a real server.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import 'fake-indexeddb/auto'
import { open } from '../src/index.js'
import { Server, orderSchema, skip } from './server.js'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const code = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(match => match[1]).join('')

/** @type {Server} */
let server

before(async () => {
  if (skip) return
  server = await Server.start()
  await server.publish(orderSchema, 'work-order')
})
after(() => server?.stop())

test('the examples of the README run', { skip }, async () => {
  const body = code.replace(/^import .*$/gm, '') +
    '\nreturn { order, waiting, document, open50, next50, found, mine, trash, live, one, caret, history, rescue, db }'
  const AsyncFunction = /** @type {any} */ (async () => {}).constructor
  const run = new AsyncFunction('open', 'url', 'password', 'console', body)
  const alone = /** @type {object} */ ({ BroadcastChannel: null, locks: null, localStorage: null })
  const got = await run((/** @type {object} */ options) => open({ ...options, ...alone }),
    server.url, 'of the person anna', { log () {} })
  assert.deepEqual(got.document.value, { title: 'Oil leak at gearbox', status: 'waiting', notes: 'Seen', assignee: 'anna' })
  assert.deepEqual([got.waiting.length, got.open50.length, got.next50.length, got.found.length, got.mine, got.trash.length], [1, 1, 0, 1, 0, 0])
  assert.deepEqual([got.document.pending, got.document.updatedBy, got.document.problems], [true, 'anna', []])
  assert.ok(got.history.length > 3)
  assert.equal(got.rescue, '')
  const { value } = await server.get('work-order', got.order.id)
  assert.deepEqual([value.hours, value.tags, value.parts, value.notes], [1.5, ['urgent'], [{ part: 'seal', quantity: 3 }], 'North side. Seen, twice'])
})
