// Every story of the admin pages in a real browser: on a phone in the dark and on a desk
// in the light, nothing that axe finds, nothing that sticks out, nothing the policy
// forbids. With FIELDSTACK_STORIES=all in each width and scheme, for who wants to look.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { startServer } from './server.js'

let server, browser, page, complained

before(async () => {
  server = await startServer(['--dev'])
  browser = await launch()
  page = await browser.newPage({ baseURL: server.url })
  complained = complaints(page)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

test('every story can be looked at', async (t) => {
  await page.goto('/admin/_stories')
  const links = await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
  assert.ok(links.length > 10, 'there are stories')
  for (const link of links) {
    const name = 'story-' + link.split('/').slice(-2).join('-')
    await t.test(name, async () => {
      await page.goto(link)
      if (process.env.FIELDSTACK_STORIES === 'all') await look(page, name)
      else {
        await look(page, name, [360], ['dark'])
        await look(page, name, [1280], ['light'])
      }
      assert.deepEqual(complained.splice(0), [], link)
    })
  }
})
