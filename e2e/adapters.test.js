// The adapters that show: React and Svelte, by the examples of the docs, bundled and compiled
// as an app would, on a real server. One person's screen follows what is done elsewhere,
// works with no network, and is level again when there is one.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Server, orderSchema } from '../client/js/test/server.js'
import { complaints, launch } from './browser.js'
import { servePage } from './bundle.js'

let server, browser, site

before(async () => {
  server = await Server.start()
  await server.publish(orderSchema, 'work-order')
  site = await servePage({ 'react.js': 'examples/react/main.jsx', 'svelte.js': 'examples/svelte/main.js' }, server.url)
  browser = await launch()
})

after(async () => {
  await browser?.close()
  site?.close()
  await server?.stop()
})

for (const kit of ['react', 'svelte']) {
  test(`${kit} follows the records`, async () => {
    const id = await server.add('work-order', { title: `Pump in ${kit}`, status: 'open', hours: 1 })
    const done = await server.add('work-order', { title: `Roof in ${kit}`, status: 'done' })
    const context = await browser.newContext()
    const page = await context.newPage()
    const complained = complaints(page)
    await page.goto(site.url)
    await page.evaluate(async ([kit, token]) => {
      const { start } = await import(`/${kit}.js`)
      await start(document.body, { url: location.origin, token })
    }, [kit, server.tokens.anna])

    await page.getByRole('button', { name: `Pump in ${kit}` }).click()
    assert.equal(await page.getByText(`Roof in ${kit}`).count(), 0, 'done orders are not asked for')
    await page.getByText('1 hours').waitFor()

    // What somebody does elsewhere comes by itself, into the list as into the open record.
    await server.patch('work-order', id, { title: `Pump 7 in ${kit}`, hours: 2 })
    await server.patch('work-order', done, { status: 'open' })
    await page.getByText('2 hours').waitFor()
    await page.getByRole('button', { name: `Roof in ${kit}` }).waitFor()
    assert.equal(await page.getByLabel('Title').inputValue(), `Pump 7 in ${kit}`)

    await context.setOffline(true)
    await page.getByRole('button', { name: 'Half an hour more' }).click()
    await page.getByText('2.5 hours').waitFor()
    await page.getByLabel('Title').fill(`Pump 8 in ${kit}`)
    await page.getByLabel('Title').blur()
    await page.getByRole('button', { name: `Pump 8 in ${kit}` }).waitFor()
    await page.getByText('2 waiting to be sent').waitFor()
    await server.patch('work-order', id, { hours: 3 })
    await context.setOffline(false)
    await page.getByText('3.5 hours').waitFor()
    await page.getByText('Online, 0 waiting to be sent').waitFor()
    const { value } = await server.get('work-order', id)
    assert.deepEqual([value.title, value.hours], [`Pump 8 in ${kit}`, 3.5])
    assert.deepEqual(complained.filter(text => !/ERR_INTERNET_DISCONNECTED/.test(text)), [])
    await context.close()
  })
}
