// The field app in a real browser: from the first sign-in to a cold start with no network.
// Each step leaves pictures in test-results.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'
import { film } from './film.js'

const workOrder = JSON.parse(await readFile(new URL('../cmd/fieldstack/sample/work-order.json', import.meta.url), 'utf8'))
const jobs = ['Replace gasket on feed pump', 'Compressor trips on start', 'Recalibrate level transmitter', 'Oil leak at gearbox', 'Inspect relief valve and write down the pressure at which it opens', 'Repaint handrail', 'Hydraulic hose chafed']
const day = (n) => new Date(Date.now() + n * 86400000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10)
const orders = Array.from({ length: 140 }, (_, i) => ({
  title: jobs[i % 7], status: ['open', 'in_progress', 'waiting', 'done'][i % 4], priority: ['low', 'normal', 'high'][i % 3],
  site: ['Well pad 7', 'Tank farm', 'Camp'][i % 3], assignee: i % 5 ? 'ben' : 'anna', due: day(i % 20 - 6), notes: i === 17 ? 'The spare key hangs behind the boiler.' : ''
}))

let server, owner, browser, context, page, complained, ids

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  await owner.account('anna')
  await owner.name('Depot North')
  ids = await owner.add('work-order', orders)
  browser = await launch()
  context = await browser.newContext({ baseURL: server.url, viewport: { width: 360, height: 740 }, hasTouch: true, permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  complained = complaints(page)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

const button = (name, on = page) => on.getByRole('button', { name, exact: typeof name === 'string' })
const press = (name, on) => button(name, on).click()
const sign = (state, on = page) => button(`Synchronisation: ${state}`, on).waitFor()
const count = (text, on = page) => on.locator('.list-head').getByText(text, { exact: true }).waitFor()
const firstTitle = () => page.locator('.record-row a').first().innerText()

/** Everything that is pressed is large enough for a gloved thumb. */
async function touchable (where) {
  await page.setViewportSize({ width: 360, height: 740 })
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, select, input, summary')].filter((e) => {
    // The whole row of a list is its link; a box in a label is pressed by the label.
    if (e.closest('.record-row') || e.closest('label')) return false
    const { width, height } = e.getBoundingClientRect()
    return e.checkVisibility() && width > 1 && (height < 47.5 || width < 47.5)
  }).map((e) => `${e.outerHTML.slice(0, 90)} ${e.getBoundingClientRect().width} x ${e.getBoundingClientRect().height}`))
  assert.deepEqual(small, [], `too small to press on ${where}`)
}

async function show (name) {
  await look(page, 'app-' + name)
  await touchable(name)
}

test('sign in by password', async () => {
  await page.goto('/app')
  await page.getByRole('heading', { name: 'Depot North' }).waitFor()
  await show('01-sign-in')
  await page.getByLabel('Your name').fill('anna')
  await page.getByLabel('Password').fill('wrong, alas')
  await press('Sign in')
  await page.locator('.error').waitFor()
  assert.equal(await page.getByLabel('Your name').inputValue(), 'anna', 'what was typed is kept')
  await show('02-sign-in-wrong')
  await page.getByLabel('Password').fill(password)
  await press('Sign in')
  await page.getByText('140 records').waitFor()
  await sign('Synced')
  await show('03-home')
})

test('a list: search, filters, order', async () => {
  await page.getByRole('link', { name: /Work order/ }).click()
  await count('140 records')
  await show('04-list')
  await page.getByRole('searchbox').fill('spare key boil')
  await count('1 record')
  await show('05-search')
  await press('Clear the search')
  await count('140 records')
  await press('Filter and sort')
  await press('In progress')
  await press('Waiting')
  await press('Me')
  await button('Show 14 records').waitFor()
  await show('06-filter')
  await press('Before today')
  await page.getByLabel('Sort by').selectOption({ label: 'Due' })
  await button(/^Show \d+ record/).click()
  await page.getByRole('button', { name: 'Remove the filter “Due: Before today”' }).waitFor()
  await show('07-filtered')
  const dues = await page.locator('.record-row .fact:has(.icon)').allInnerTexts()
  const days = dues.map((text) => Date.parse(text.replace(/^.*: ?/s, '')))
  assert.ok(days.length > 1 && days.every((d, i) => !Number.isNaN(d) && (i === 0 || days[i - 1] <= d)), 'they are in order: ' + dues)
  await press('Remove the filter “Due: Before today”')
  await count('14 records')
})

test('a view is saved, chosen with a tap, and shared by its link', async () => {
  await press('Save view')
  await page.getByLabel('Name').fill('My open work')
  await show('08-name-view')
  await press('Save')
  await page.getByRole('link', { name: 'My open work' }).waitFor()
  await show('09-saved-view')
  await page.getByRole('link', { name: 'All', exact: true }).click()
  await count('140 records')
  await page.getByRole('link', { name: 'My open work' }).click()
  await count('14 records')
  const address = page.url()
  const other = await context.newPage()
  await other.goto(address)
  await count('14 records', other)
  await other.close()
  await press('Remove view')
  await page.getByText('“My open work” is removed').waitFor()
  await press('Undo')
  await page.getByRole('link', { name: 'My open work' }).waitFor()
  await page.getByRole('link', { name: 'All', exact: true }).click()
  await count('140 records')
})

test('what others do appears by itself', async () => {
  await owner.call('PATCH', 'work-order/' + ids[20], { value: { title: 'Everybody out of hall 2' } })
  await page.locator('.record-row a').first().getByText('Everybody out of hall 2').waitFor()
  await owner.call('DELETE', 'work-order/' + ids[20])
  await count('139 records')
  await press('Filter and sort')
  await press('What is in the trash')
  await press('Show 1 record')
  await page.getByText('In the trash').waitFor()
  await show('10-trash')
  await press('Remove the filter “Trash”')
  await count('139 records')
})

/** The SDK in another tab: somebody types on another page of the app. */
async function otherTab () {
  const tab = await context.newPage()
  await tab.goto('/app/')
  await tab.locator('.type-card').first().waitFor()
  await tab.evaluate(async () => {
    const { open } = await import('/app/fieldstack.js')
    globalThis.device = await open({ name: 'app', sync: false })
  })
  return tab
}

test('with no network the app starts cold and works', async () => {
  await page.evaluate(() => navigator.serviceWorker.ready)
  const tab = await otherTab()
  await context.setOffline(true)
  await page.reload()
  await count('139 records')
  await sign('Offline')
  await page.getByRole('searchbox').fill('handrail')
  await count('20 records')
  await page.getByRole('searchbox').fill('')
  await count('139 records')
  await tab.evaluate((id) => globalThis.device.collection('work-order').update(id, { status: 'done', site: 'Jetty' }), ids[1])
  await sign('Offline · 1')
  await page.locator('.record-row').first().getByText('Not sent yet').waitFor()
  await show('11-offline')
  await page.goto('/app/#/')
  await page.reload()
  await page.getByText('139 records').waitFor()
  await page.getByRole('heading', { name: 'Depot North' }).waitFor()
  assert.equal(await page.title(), 'Depot North')
  await show('12-offline-home')
  await tab.close()
})

test('the sheet says what waits, in words', async () => {
  await press('Synchronisation: Offline · 1')
  const sheet = page.getByRole('dialog', { name: 'Synchronisation' })
  await sheet.getByText('Waiting to be sent: 1').waitFor()
  await sheet.getByRole('link', { name: orders[1].title }).waitFor()
  await sheet.getByText('Changed: Status, Site').waitFor()
  await show('13-waiting')
  const [file] = await Promise.all([page.waitForEvent('download'), press('Save a rescue file')])
  assert.match(file.suggestedFilename(), /^fieldstack-anna-.*\.jsonl$/)
  assert.match(await readFile(await file.path(), 'utf8'), /Jetty/)
  await press('Close')
  await page.getByRole('link', { name: 'Settings' }).click()
  await press('Sign out')
  await page.getByText('One change has not been sent yet').waitFor()
  await show('14-cannot-sign-out')
  await press('Close')
  await press('Back')
})

test('what the server refuses is told, with its text', async () => {
  await owner.call('PUT', '_types/work-order/rules', { roles: { worker: { readOnly: ['status', 'site'] } } })
  await context.setOffline(false)
  await sign('1 refused')
  await press('Synchronisation: 1 refused')
  const sheet = page.getByRole('dialog', { name: 'Synchronisation' })
  await sheet.getByText('Refused by the server').waitFor()
  await sheet.getByText('Jetty').waitFor()
  await show('15-refused')
  await press('Copy', sheet)
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Status: Done\nSite: Jetty/)
  await press('Edit again', sheet)
  await page.waitForURL(/#\/work-order\/[0-9a-f-]{36}$/)
  await page.goBack()
  await press('Synchronisation: 1 refused')
  await press('Dismiss', sheet)
  await press('Close', sheet)
  await sign('Synced')
})

test('when a session has ended the work stays, and its person comes back', async () => {
  const { accounts } = await owner.call('GET', '_accounts')
  await owner.call('PATCH', '_accounts/' + accounts.find((a) => a.name === 'anna').id, { password: 'another ' + password })
  await sign('Sign in')
  await page.getByText('139 records').waitFor()
  await press('Synchronisation: Sign in')
  const sheet = page.getByRole('dialog', { name: 'Synchronisation' })
  await sheet.getByText('The session of anna has ended').waitFor()
  await show('16-again')
  await sheet.getByLabel('Password').fill('another ' + password)
  await press('Sign in', sheet)
  await sheet.getByText('Everything is sent and received').waitFor()
  await press('Close', sheet)
})

test('the same in German', async () => {
  await page.getByRole('link', { name: 'Settings' }).click()
  await show('17-settings')
  await press('Deutsch')
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
  await show('18-settings-german')
  await page.reload()
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
  await press('Zurück')
  await page.getByRole('link', { name: /Work order/ }).click()
  await count('139 Datensätze')
  await press('Filtern und sortieren')
  await show('19-filter-german')
  await press('Schließen')
  await show('20-list-german')
  await page.goto('/app/#/_settings')
  await press('English')
})

test('ten thousand records scroll as a hundred do', async () => {
  await owner.publish('reading', { title: 'Reading', type: 'object', required: ['place'], properties: { place: { title: 'Place', type: 'string' }, value: { title: 'Value', type: 'number' } } })
  await owner.add('reading', Array.from({ length: 10000 }, (_, i) => ({ place: 'Valve ' + String(i).padStart(5, '0'), value: i })))
  await page.goto('/app/#/reading?sort=place')
  await count('10,000 records')
  const most = await page.evaluate(async () => {
    let most = 0
    const there = () => [...document.querySelectorAll('.record-row a')].some((a) => a.textContent === 'Valve 09999')
    while (!there()) {
      scrollTo(0, document.documentElement.scrollHeight)
      await new Promise((resolve) => requestAnimationFrame(resolve))
      most = Math.max(most, document.querySelectorAll('.record-row').length)
    }
    return most
  })
  assert.ok(most < 300, `${most} rows in the page at once`)
  await page.getByRole('link', { name: 'Valve 09999' }).click()
  await page.waitForURL(/#\/reading\/[0-9a-f-]{36}$/)
  await press('Back')
  await page.getByRole('link', { name: 'Valve 09999' }).waitFor()
  await page.getByRole('searchbox').fill('07777')
  await count('1 record')
  assert.equal(await firstTitle(), 'Valve 07777')
})

test('signing out takes everything off the device', async () => {
  await page.goto('/app/#/_settings')
  await press('Sign out')
  await page.getByText('All records are removed from this device').waitFor()
  await press('Sign out', page.getByRole('dialog'))
  await page.getByRole('heading', { name: 'With a password' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'With a password' }).waitFor()
})

test('a link with a code, and a code before the camera, enrol a device', async () => {
  const admin = await browser.newPage({ baseURL: server.url })
  await admin.goto('/admin/devices/enrol')
  await admin.getByLabel('Name', { exact: true }).fill('olga')
  await admin.getByLabel('Password').fill(password)
  await press('Sign in', admin)
  await press('Make a code', admin)
  const folder = await mkdtemp(path.join(tmpdir(), 'fieldstack-film-'))
  const shown = await admin.locator('.qr').screenshot()
  await writeFile(path.join(folder, 'code.y4m'), await film(browser, shown))
  const seeing = await launch(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--use-file-for-fake-video-capture=' + path.join(folder, 'code.y4m')])
  try {
    const scanner = await seeing.newPage({ baseURL: server.url, viewport: { width: 360, height: 740 } })
    const said = complaints(scanner)
    await scanner.goto('/app/')
    await press('Scan', scanner)
    await scanner.locator('video').waitFor()
    await look(scanner, 'app-21-scan')
    await press('Use the code', scanner)
    await scanner.getByRole('link', { name: 'Settings' }).click()
    await scanner.getByText('olga').waitFor()
    assert.deepEqual(said, [])
  } finally {
    await seeing.close()
    await rm(folder, { recursive: true })
  }

  await press('Make a code', admin)
  const code = await admin.locator('#secret-text').textContent()
  const fresh = await browser.newPage({ baseURL: server.url })
  await fresh.goto('/app/#enrol=' + code)
  assert.equal(await fresh.getByLabel('Code', { exact: true }).inputValue(), code)
  await press('Use the code', fresh)
  await fresh.getByRole('link', { name: /Work order/ }).waitFor()
  assert.ok(!fresh.url().includes('enrol'), 'a code that is used up leaves the address')
  await fresh.close()
  await admin.close()
})

test('nothing complained', () => assert.deepEqual(complained, []))
