// From a server that nobody has set up to a record on a phone, by one person who clicks
// and types at a person's pace, against the clock.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch } from './browser.js'
import { password } from './owner.js'
import { Phone } from './phone.js'
import { startServer } from './server.js'

const most = 180_000 // ms
const pace = { key: 70, look: 700 } // ms a key; ms to find what to press next

let server, browser
before(async () => {
  server = await startServer()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A hand that looks for a thing before it presses it, and types one key after the other. */
function hand (page) {
  const press = async (what) => {
    await what.waitFor()
    await page.waitForTimeout(pace.look)
    await what.click()
  }
  return {
    press,
    type: (text) => page.keyboard.type(text, { delay: pace.key }),
    async fill (what, text) {
      await press(what)
      await page.keyboard.type(text, { delay: pace.key })
    }
  }
}

test('from the first run to a record on a phone in under three minutes', async (t) => {
  const began = Date.now()
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1280, height: 900 } })
  const { press, type, fill } = hand(page)
  await page.goto(server.setup)
  await fill(page.getByLabel('Your name'), 'olga')
  await fill(page.getByLabel('Password', { exact: true }), password)
  await fill(page.getByLabel('The password again'), password)
  await press(page.getByRole('button', { name: 'Make the account' }))

  await fill(page.getByLabel('What do you keep records of?'), 'Site visit')
  await press(page.getByRole('button', { name: 'Begin' }))
  await press(page.locator('#gallery a[data-kind="short-text"]'))
  await page.locator('#adding-label:focus').waitFor()
  await type('What is wrong\n')
  await page.locator('[data-row][data-at="what_is_wrong"]').waitFor()
  await press(page.locator('#gallery a[data-kind="choice"]'))
  await page.locator('#adding-label:focus').waitFor()
  await type('Status\n')
  for (const choice of ['Open', 'Done']) {
    await page.locator('#set-choices-add:focus').waitFor()
    await type(choice + '\n')
    await page.getByLabel('Label of the choice ' + choice, { exact: true }).waitFor()
  }
  await press(page.locator('#gallery a[data-kind="date"]'))
  await page.locator('#adding-label:focus').waitFor()
  await type('Visited on\n')
  await page.locator('[data-row][data-at="visited_on"]').waitFor()
  await press(page.getByRole('link', { name: 'Publish …' }))
  await press(page.getByRole('button', { name: /^Publish/ }))
  await page.getByText('Published. Devices get it').waitFor()
  const published = Date.now()

  const phone = await Phone.of(browser, server.url, 'olga')
  const thumb = hand(phone.page)
  await thumb.press(phone.page.getByRole('link', { name: /Site visit/ }).first())
  await thumb.press(phone.page.getByRole('link', { name: /^New/ }).or(phone.page.getByRole('button', { name: /^New/ })).first())
  await thumb.fill(phone.page.getByLabel('What is wrong'), 'The pump leaks')
  await thumb.press(phone.page.getByText('Open', { exact: true }).first())
  await thumb.press(phone.page.getByRole('button', { name: 'Save' }))
  await phone.page.getByText('The pump leaks').first().waitFor()
  await phone.synced()
  const took = Date.now() - began
  const kept = await (await page.request.get('/api/site-visit')).json()
  assert.match(JSON.stringify(kept), /The pump leaks/, 'the server has it')
  t.diagnostic(`published after ${Math.round((published - began) / 1000)} s, a record on the phone after ${Math.round(took / 1000)} s`)
  assert.ok(took < most, `it took ${Math.round(took / 1000)} s`)
})
