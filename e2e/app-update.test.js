// A new version of the field app, while the old one is open in two tabs: whoever says
// Reload gets the new one, and the other tab goes on with all its parts.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, test } from 'node:test'
import { complaints, launch } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

let server, front, url, browser, context
let second = false

before(async () => {
  server = await startServer()
  const owner = await ownerOf(server)
  await owner.account('anna')
  front = http.createServer(answer).listen(0, '127.0.0.1')
  await once(front, 'listening')
  url = `http://127.0.0.1:${front.address().port}`
  browser = await launch()
  context = await browser.newContext({ baseURL: url })
})

after(async () => {
  await browser?.close()
  front?.closeAllConnections()
  front?.close()
  await server?.stop()
})

/**
 * The server, seen through a wall on which the second version of the app is painted: its
 * parts go by other names, and those of the first version are no longer there.
 */
async function answer (request, response) {
  const renamed = request.url.replace(/(app|jsqr)-2/, '$1-')
  if (second && renamed === request.url && /assets\/(app|jsqr)-/.test(request.url)) return response.writeHead(404).end()
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { host, ...headers } = request.headers
  // A live stream is none of this test's business.
  if (request.url.startsWith('/api/_events')) return response.writeHead(503).end()
  const from = await fetch(server.url + renamed, { method: request.method, headers: { ...headers, connection: 'close' }, body: chunks.length ? Buffer.concat(chunks) : undefined, redirect: 'manual' })
  let body = Buffer.from(await from.arrayBuffer())
  if (second && /\.js$|\/app\/$/.test(request.url)) body = Buffer.from(body.toString().replace(/(assets\/app|jsqr)-/g, (name) => name + '2').replace('<html', '<html data-second'))
  // What is kept for good is kept by the browser too; here only the worker may have it.
  const { 'content-encoding': _, 'content-length': __, etag: ___, ...rest } = Object.fromEntries(from.headers)
  response.writeHead(from.status, { ...rest, 'cache-control': 'no-store' }).end(body)
}

const isSecond = (page) => page.evaluate(() => 'second' in document.documentElement.dataset)
const part = (page) => page.evaluate(async () => {
  const text = await (await fetch(document.querySelector('script[type=module]').src)).text()
  const name = text.match(/jsqr-[^"'`]*\.js/)[0]
  return [name, typeof (await import('/app/assets/' + name)).read]
})

test('a new version waits until somebody says so, and breaks no open tab', async () => {
  const one = await context.newPage(), two = await context.newPage()
  const complained = complaints(two)
  await one.goto('/app')
  await one.getByLabel('Your name').fill('anna')
  await one.getByLabel('Password').fill(password)
  await one.getByRole('button', { name: 'Sign in' }).click()
  await one.getByRole('link', { name: 'Settings' }).waitFor()
  await one.evaluate(() => navigator.serviceWorker.ready)
  await two.goto('/app/#/_settings')
  await two.getByText('The app starts without a network.').waitFor()

  second = true
  await one.reload()
  assert.equal(await isSecond(one), false, 'what is kept is shown at once')
  await one.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update())
  await one.getByText('A new version is ready.').waitFor()
  assert.equal(await isSecond(two), false)
  await Promise.all([one.waitForEvent('load'), one.getByRole('button', { name: 'Reload' }).click()])
  assert.equal(await isSecond(one), true)
  assert.match((await part(one))[0], /^jsqr-2/)

  assert.equal(await isSecond(two), false, 'the other tab is left in peace')
  const [name, kind] = await part(two)
  assert.doesNotMatch(name, /^jsqr-2/)
  assert.equal(kind, 'function', 'and still has the parts of its own version')
  await two.getByRole('button', { name: 'Reload' }).click()
  await two.getByRole('button', { name: 'Sign out' }).waitFor()
  assert.equal(await isSecond(two), true)
  assert.deepEqual(complained, [])
})

test('with no network the new version starts, with or without a slash', async () => {
  await context.setOffline(true)
  for (const address of ['/app', '/app/', '/app/#/_settings']) {
    const page = await context.newPage()
    await page.goto(address)
    await page.locator('.sign').waitFor()
    assert.equal(await isSecond(page), true)
    await page.close()
  }
})

test('nothing of the API is kept', async () => {
  const page = await context.newPage()
  await page.goto('/app/')
  const kept = await page.evaluate(async () => {
    const all = []
    for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname))
    return all
  })
  assert.ok(kept.length > 10, 'there is something')
  assert.deepEqual(kept.filter((path) => !path.startsWith('/app/')), [])
})
