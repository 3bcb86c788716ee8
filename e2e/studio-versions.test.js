// Publishing with its impact read first, and the versions of a type beside one another.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

const first = JSON.parse(await readFile(new URL('../studio/starters/work-order.json', import.meta.url), 'utf8'))

/** The starter with what a second version changes. */
function second () {
  const next = structuredClone(first)
  next.properties.title.title = 'Job'
  next.properties.customer.maxLength = 120
  next.properties.gate = { title: 'Gate code', type: 'string', maxLength: 20, 'x-section': 'Where' }
  delete next.properties.phone
  return next
}

/** And a draft of a third: a date that most records lack, a choice less, a label. */
function third () {
  const next = second()
  next.required = [...next.required, 'due']
  next.properties.priority.oneOf = next.properties.priority.oneOf.filter((one) => one.const !== 'low')
  next.properties.title.title = 'What is to be done'
  next.properties.hours['x-unit'] = 'hours'
  return next
}

let server, owner, browser, page
before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', first)
  await owner.publish('work-order', second())
  await owner.add('work-order', Array.from({ length: 14 }, (_, i) => (
    { title: `Pump ${i + 1} leaks at the seal`, priority: 'normal', status: 'open', ...(i % 5 ? {} : { due: '2026-12-01' }) })))
  browser = await launch()
  page = await (await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 } })).newPage()
  page.complaints = complaints(page)
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill('olga')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/admin')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('versions stand beside one another', async () => {
  await page.goto('/admin/types/work-order/versions')
  await look(page, 'studio-versions')
  await page.getByRole('link', { name: 'Version 2', exact: true }).click()
  await page.getByText('Gate code is new').waitFor()
  await look(page, 'studio-version')
  await page.goto('/admin/types/work-order/versions')
  await page.getByLabel('Compare', { exact: true }).selectOption('2')
  await page.getByLabel('with', { exact: true }).selectOption('1')
  await page.getByRole('button', { name: 'Show what differs' }).click()
  await page.getByText('Gate code is taken out').waitFor()
  await look(page, 'studio-compare')
  await page.goto('/admin/types/work-order/versions/1/restore')
  await look(page, 'studio-restore')
})

test('what publishing does is read before it is done', async () => {
  await owner.call('PUT', '_types/work-order/draft', { rev: 0, schema: third() })
  await page.goto('/admin/types/work-order/form/publish')
  await page.getByText('11 records would newly need attention, of 14.').waitFor()
  await look(page, 'studio-publish')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Publish version 3' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Published. Devices get it').waitFor()
  await look(page, 'studio-published')
  assert.deepEqual(page.complaints, [])
})
