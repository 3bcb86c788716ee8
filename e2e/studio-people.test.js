// Who may do what, as the owner of a server sees to it: rules built by hand and tried as
// somebody, a person and their phone added at once, a device signed out from afar.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { scan } from './scan.js'
import { startServer } from './server.js'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Work order', type: 'object', additionalProperties: false, required: ['title'],
  properties: {
    title: { type: 'string', title: 'Title' },
    status: { enum: ['open', 'waiting', 'done'], title: 'Status' },
    assignee: { type: 'string', title: 'Assignee' },
    due: { type: 'string', format: 'date', title: 'Due' },
    price: { type: 'number', title: 'Price' }
  }
}

let server, owner, browser, page, told
before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', schema)
  await owner.account('anna')
  await owner.add('work-order', [
    { title: 'Pump leaks', status: 'open', assignee: 'anna', price: 12 }, { title: 'Roof drips', status: 'done', assignee: 'anna' }, { title: 'Fence broken', status: 'open', assignee: 'ben' }
  ])
  browser = await launch()
  page = await (await browser.newContext({ baseURL: server.url })).newPage()
  told = complaints(page)
  await page.goto('/sign-in')
  await page.fill('[name=name]', 'olga')
  await page.fill('[name=password]', password)
  await page.click('main button')
  await page.waitForURL('**/admin')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const rules = '/admin/types/work-order/rules'

test('rules are built by hand, by keyboard too, and hold', async () => {
  await page.goto(rules)
  await look(page, 'people-rules')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.focus('#worker-see-mode-all')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const row = (n, part) => page.locator(`#condition-worker-see-${n}-${part}`)
  await row(0, 'field').selectOption('assignee')
  await page.locator('#condition-worker-see-0-op option[value=is-me]').waitFor({ state: 'attached' })
  await row(0, 'op').selectOption('is-me')
  await row(0, 'value').waitFor({ state: 'detached' })
  await page.locator('#worker-see-rule button[value="add:"]').press('Enter')
  await row(1, 'field').selectOption('status')
  await page.locator('#condition-worker-see-1-value option').first().waitFor({ state: 'attached' })
  await row(1, 'op').selectOption('not')
  await row(1, 'value').selectOption({ label: 'done' })
  await page.locator('label[for=worker-delete-mode-none]').click()
  await page.locator('section:has(#worker-rules) summary').click()
  await page.locator('[name="worker-field.price"]').selectOption('hidden')
  await look(page, 'people-rules-built')
  await page.getByRole('button', { name: 'Save the rules' }).click()
  await page.getByText('The rules are saved').waitFor()
  await page.getByText('Assignee is me and Status is not "done"').waitFor()
  const { roles } = await owner.call('GET', '_types/work-order/rules')
  assert.deepEqual(roles.worker, { see: { all: [{ field: 'assignee', is: '$me' }, { field: 'status', not: 'done' }] }, delete: false, hidden: ['price'] })
})

test('trying the rules as somebody says why a record is not seen', async () => {
  await page.goto(rules)
  await page.getByRole('link', { name: /Try as one of them.*Workers/ }).click()
  await page.getByLabel('As whom').selectOption({ label: 'anna (worker)' })
  await page.getByRole('button', { name: 'Look' }).click()
  await page.getByText('They see 1 of all 3.').waitFor()
  await look(page, 'people-try')
  await page.getByRole('link', { name: 'Roof drips' }).click()
  await page.locator('.told').getByText('here:').first().waitFor()
  assert.match(await page.locator('.verdict').first().innerText(), /See\s+No/)
  await look(page, 'people-try-record')
})

test('a person is added with a code for their phone, which is signed out from afar', async () => {
  await page.goto('/admin/people')
  await page.getByLabel('Name').fill('cleo')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { name: 'Code for cleo' }).waitFor()
  await look(page, 'people-added')
  const code = await page.locator('#code-text').textContent()
  assert.equal(await scan(page, '.qr'), `${server.url}/app/#enrol=${code}`)
  const post = async (path, token, body) => fetch(server.url + '/api/' + path, { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) }, body: JSON.stringify(body) })
  const { token } = await (await post('_session', '', { code, label: "Cleo's phone" })).json()
  const sync = () => post('_sync', token, { replica: '00000000000000aa', device: { app: 'Field app', unsent: 2, oldest: Date.now() - 7_200_000 } })
  assert.equal((await sync()).status, 200)
  await page.goto('/admin/devices')
  await page.getByText('2 unsent, since 2 hours').waitFor()
  await look(page, 'people-devices')
  await page.getByRole('link', { name: /Sign out … Cleo/ }).click()
  await page.getByText('can be sent after signing in there again').waitFor()
  await page.getByRole('button', { name: 'Sign it out' }).click()
  await page.getByText('The device is signed out').waitFor()
  assert.equal((await sync()).status, 401)
  // A choice takes the place of the one before it, which htmx tells as an error.
  assert.deepEqual(told.filter((text) => !/^htmx:(afterRequest|sendAbort)/.test(text)), [])
})
