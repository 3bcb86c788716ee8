// The story of the admin pages, in a real browser: from an empty server to a record
// whose history tells who did what. Each step leaves pictures in test-results.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { scan } from './scan.js'
import { first, refused, second } from './schema.js'
import { startServer } from './server.js'

const password = 'rain on a tin roof'
let server, browser, page, complained

before(async () => {
  server = await startServer()
  browser = await launch()
  page = await browser.newPage({ baseURL: server.url })
  complained = complaints(page)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Calls the API as the person who is signed in in the browser. */
async function api (method, path, data) {
  const answer = await page.request.fetch('/api/' + path, { method, data })
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.status() === 204 ? null : answer.json()
}

const press = (name) => page.getByRole('button', { name, exact: true }).click()
/** Sends a draft, and waits for the page that answers: what is typed is checked by the page too. */
const save = () => Promise.all([page.waitForEvent('load'), press('Save and check')])
const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor()
const rows = (n) => page.waitForFunction((n) => document.querySelectorAll('tr').length === n, n)

test('a new server is set up by the link it printed', async () => {
  await page.goto('/')
  await heading('This server is new')
  await look(page, '01-new')
  await page.goto(server.setup)
  await look(page, '02-set-up')
  await page.getByLabel('Your name').fill('olga')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The password again').fill('something else')
  await press('Make the account')
  await page.getByText('The two passwords differ').waitFor()
  assert.equal(await page.getByLabel('Your name').inputValue(), 'olga', 'what was typed is kept')
  await look(page, '03-set-up-wrong')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The password again').fill(password)
  await press('Make the account')
  await page.getByText('you are signed in').waitFor()
  await look(page, '04-no-types')
})

test('sign out, and in again by keyboard alone', async () => {
  await press('Sign out')
  await heading('Sign in')
  await look(page, '05-sign-in')
  await page.keyboard.type('olga')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong, alas')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await look(page, '06-sign-in-wrong')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await heading('Types')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
})

test('a pasted schema becomes a type', async () => {
  await page.goto('/admin/types/_new')
  await look(page, '07-new-type')
  await page.getByRole('link', { name: 'A JSON Schema' }).click()
  await page.getByLabel('JSON Schema', { exact: true }).fill('{"title": "Work order",\n  oops}')
  await save()
  await page.getByRole('link', { name: 'Line 2', exact: true }).waitFor()
  await look(page, '08-not-json')
  const faulty = { ...first, required: ['titel'], properties: { ...first.properties, hours: { type: 'number', 'x-merge': 'text' } } }
  await page.getByLabel('JSON Schema', { exact: true }).fill(JSON.stringify(faulty, null, 2))
  await save()
  await heading('What keeps this from being a type')
  await look(page, '09-faults')
  await page.getByLabel('JSON Schema', { exact: true }).fill(JSON.stringify(first, null, 2))
  await save()
  await page.getByText('The draft is saved.').waitFor()
  await look(page, '10-json')
  await page.goto('/admin/types/work-order/form')
  await page.getByRole('link', { name: 'Publish …' }).click()
  await page.getByRole('button', { name: /^Publish/ }).click()
  await page.getByText('Published. Devices get it').waitFor()
  await look(page, '11-type')
  await page.goto('/admin/types/work-order/records')
  await look(page, '12-no-records')
})

let id
test('records made by programs are listed', async () => {
  const parts = [{ part: 'Seal 40 mm', quantity: 2, fitted: true }, { part: 'Bearing', quantity: 1 }]
  const made = await api('POST', 'work-order', {
    value: {
      title: 'Pump 3 leaks at the seal', status: 'open', site: 'Harbour north', due: '2026-12-01', urgent: true, tags: ['pump', 'leak', 'night'],
      notes: 'Water under the pump.\nThe seal was changed in May.', parts, manual: 'https://example.org/pumps/3', hours: 1.5
    }
  })
  id = made.id
  const added = Array.from({ length: 54 }, (_, i) => ({
    value: { title: ['Lamp', 'Valve stuck', 'Check the fire door of hall ' + i][i % 3], status: ['open', 'done', 'waiting'][i % 3], site: 'Hall ' + i, tags: i % 2 ? ['weekly'] : [], urgent: i % 5 === 0 }
  }))
  await api('POST', 'work-order', { added })
  await page.goto('/admin/types/work-order/records')
  await rows(56) // all records and the head
  await look(page, '13-records')
  await page.getByRole('link', { name: 'Number', exact: true }).click()
  await page.getByRole('row').nth(1).getByText('WO-0001').waitFor()
  await page.getByRole('link', { name: /^Number/ }).first().click()
  await page.getByRole('row').nth(1).getByText('WO-0055').waitFor()
  await page.getByLabel('Search records').fill('leak harb')
  await press('Search')
  await page.getByText('in any field').first().waitFor()
  await rows(2)
})

test('two devices that were away meet, and the record tells', async () => {
  const an = await api('GET', `work-order/${id}`)
  const hour = 3600_000
  const change = (replica, hoursAgo, ops) => ({
    replica,
    n: 1,
    stamp: (Date.now() - hoursAgo * hour).toString(16).padStart(12, '0') + '-0000',
    type: 'work-order',
    version: an.version,
    doc: id,
    ops
  })
  const device = '00000000000000a1'
  await api('PATCH', `work-order/${id}`, { value: { site: 'Harbour south, quay 4', status: 'in_progress' } })
  const pushed = await api('POST', '_sync', {
    replica: device, cursor: '', changes: [change(device, 5, [
      { kind: 'set', path: ['site'], value: 'Harbour east' }, { kind: 'assign', path: ['status'], value: 'done', id: 1, over: [] }
    ])]
  })
  assert.ok(pushed.results[0].ok, JSON.stringify(pushed.results))
  await page.goto(`/admin/types/work-order/records/${id}`)
  await page.getByText('met a newer value').waitFor()
  await look(page, '14-record')
  await page.locator('.loss').getByText('Harbour east', { exact: true }).waitFor()
  await page.getByLabel('Only changes of').selectOption('Status')
  await press('Show')
  await page.waitForFunction(() => document.querySelectorAll('.timeline > li').length === 3)
  await page.getByRole('link', { name: 'JSON', exact: true }).click()
  await look(page, '15-raw')
})

test('a version that would break devices is refused, one that does not is published', async () => {
  await page.goto('/admin/types/work-order/form/schema')
  await page.getByLabel('JSON Schema', { exact: true }).fill(JSON.stringify(refused, null, 2))
  await save()
  await page.getByText('The draft is saved.').waitFor()
  await page.goto('/admin/types/work-order/form/publish')
  assert.equal(await page.getByRole('button', { name: /^Publish/ }).count(), 0)
  await look(page, '16-refused')
  await page.goto('/admin/types/work-order/form/schema')
  await page.getByLabel('JSON Schema', { exact: true }).fill(JSON.stringify(second, null, 2))
  await save()
  await page.getByText('The draft is saved.').waitFor()
  await page.goto('/admin/types/work-order/form/publish')
  await look(page, '17-comparison')
  await page.getByRole('button', { name: /^Publish/ }).click()
  await page.getByText('Published. Devices get it').waitFor()
  await page.goto('/admin/types/work-order/versions/2')
  await look(page, '18-version')
  await page.goto('/admin')
  await look(page, '19-types')
  await page.getByRole('link', { name: /need attention/ }).click()
  await look(page, '20-attention')
  await page.getByRole('link', { name: 'WO-0002' }).click()
  await page.getByText('needs at least 8 characters').waitFor()
  await look(page, '21-problem')
})

test('a record is deleted, and restored from the trash', async () => {
  await page.goto(`/admin/types/work-order/records/${id}`)
  await page.getByRole('link', { name: 'Delete' }).click()
  await look(page, '22-delete')
  await press('Delete')
  await page.getByText('The record is in the trash').waitFor()
  await page.getByRole('link', { name: 'Trash' }).click()
  await look(page, '23-trash')
  await page.getByRole('row').nth(1).getByRole('link').click()
  await press('Restore')
  await page.getByText('The record is back').waitFor()
})

test('people are added, changed and disabled', async () => {
  await page.goto('/admin/people')
  await page.getByLabel('Name').fill('anna')
  await page.getByRole('radio', { name: 'worker' }).check()
  await press('Add')
  await heading('The password of anna')
  await look(page, '24-people')
  await page.getByLabel('Name').fill('Anna')
  await press('Add')
  await page.getByText('is taken').waitFor()
  await page.getByRole('link', { name: 'anna' }).click()
  await look(page, '25-person')
  await page.getByRole('radio', { name: 'editor' }).check()
  await press('Change the role')
  await page.getByText('The role is changed').waitFor()
  await press('Make a new password')
  await heading('The password of anna')
  await press('Disable')
  await page.getByText('The account is disabled').waitFor()
  await press('Enable')
})

test('tokens and device codes are shown once', async () => {
  await page.goto('/admin/tokens')
  await look(page, '26-no-tokens')
  await page.getByLabel('What it is for').fill('nightly export')
  await press('Make the token')
  await heading('The token “nightly export”')
  await look(page, '27-tokens')
  await page.getByRole('link', { name: /Revoke/ }).click()
  await press('Revoke')
  await page.getByText('The token is revoked').waitFor()
  await page.goto('/admin/devices/enrol')
  await page.getByLabel('Whose device').selectOption({ label: 'anna (editor)' })
  await press('Make a code')
  await heading('Code for anna')
  await look(page, '28-enrol')
  const code = await page.locator('#secret-text').textContent()
  for (const [width, colorScheme] of [[360, 'dark'], [1280, 'light']]) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    assert.equal(await scan(page, '.qr'), `${server.url}/app/#enrol=${code}`, `the code in ${colorScheme} at ${width} px`)
  }
})

test('one\'s own password, and pages that are not there', async () => {
  await page.goto('/admin/account')
  await look(page, '29-account')
  await page.getByLabel('The password you have now').fill('wrong')
  await page.getByLabel('The new password').fill('another ' + password)
  await press('Change the password')
  await page.getByText('is not right').waitFor()
  await page.getByLabel('The password you have now').fill(password)
  await page.getByLabel('The new password').fill('another ' + password)
  await press('Change the password')
  await page.getByText('The password is changed').waitFor()
  await page.goto('/admin/types/nothing/records')
  await heading('There is nothing here')
  await look(page, '30-missing')
})

test('no page complained', () => {
  assert.deepEqual(complained, [])
})
