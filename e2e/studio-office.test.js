// The pages about the server itself, in a real browser: what goes on and who did what,
// webhooks told to a program that fails at first, settings. Pictures are in test-results.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { first as workOrder } from './schema.js'
import { startServer } from './server.js'

let server, browser, page, complained, owner, endpoint

/** A program that is told things: it keeps them, and answers as it is told to. */
async function listen () {
  const program = { taken: [], answer: 200 }
  const http = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    if (program.answer === 200) program.taken.push({ headers: request.headers, body, message: JSON.parse(body) })
    response.writeHead(program.answer).end(program.answer === 200 ? 'thanks' : 'not today')
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  program.url = `http://127.0.0.1:${http.address().port}/told?key=hidden`
  program.close = () => { http.closeAllConnections(); return new Promise((resolve) => http.close(resolve)) }
  return program
}

before(async () => {
  server = await startServer()
  endpoint = await listen()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  browser = await launch()
  page = await browser.newPage({ baseURL: server.url })
  complained = complaints(page)
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill('olga')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Settings' }).waitFor()
})

after(async () => {
  await browser?.close()
  await server?.stop()
  await endpoint?.close()
})

const press = (name) => page.getByRole('button', { name, exact: true }).click()
const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor()

/** Waits until something is so. */
async function until (what, ok) {
  for (let i = 0; i < 200; i++) {
    if (await ok()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail('waited in vain for ' + what)
}

test('a server with nothing going on says what there will be', async () => {
  await page.getByRole('link', { name: 'Activity' }).click()
  await heading('Activity')
  await look(page, 'office-01-activity-new')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await page.getByText('No webhook yet').waitFor()
  await look(page, 'office-02-no-webhooks')
})

test('an address of this machine is refused until the settings allow it', async () => {
  await page.getByRole('link', { name: 'New webhook' }).click()
  await page.getByLabel('Name').fill('Tickets')
  await page.getByLabel('Address').fill(endpoint.url)
  await page.getByLabel('created').check()
  await look(page, 'office-03-new-webhook')
  await press('Make the webhook')
  await page.getByText('is an address of this machine').waitFor()
  assert.equal(await page.getByLabel('Address').inputValue(), endpoint.url, 'what was typed is kept')
  await look(page, 'office-04-refused')

  await page.goto('/admin/settings')
  await page.getByLabel('Name of this server').fill('Harbour works')
  await page.getByLabel('May call this machine').check()
  await look(page, 'office-05-settings')
  await press('Save the settings')
  await page.getByText('The settings are saved').waitFor()
  assert.equal(await page.locator('.brand').innerText(), 'Harbour works')
})

let secret

test('a webhook is made by keyboard alone, and tells its secret once', async () => {
  await page.goto('/admin/webhooks/_new')
  await page.getByLabel('Name').focus()
  await page.keyboard.type('Tickets')
  await page.keyboard.press('Tab')
  await page.keyboard.type(endpoint.url)
  await page.keyboard.press('Enter')
  await heading('Tickets')
  secret = await page.locator('#secret-text').innerText()
  assert.match(secret, /^whsec_/)
  await look(page, 'office-06-secret')
  await page.goto('/admin/webhooks')
  assert.equal(await page.getByText('hidden').count(), 0, 'what follows ? is not shown')
})

test('a test message arrives, signed', async () => {
  await page.getByRole('link', { name: 'Tickets' }).click()
  await press('Send a test')
  await page.getByText('The endpoint took it').waitFor()
  const { headers, body } = endpoint.taken[0]
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  assert.equal(headers['webhook-signature'], 'v1,' + createHmac('sha256', key).update(signed).digest('base64'))
})

test('what is not taken waits, and is taken when the program is back', async () => {
  endpoint.answer = 503
  const [id] = await owner.add('work-order', [{ title: 'Pump leaks' }])
  await until('a failure', async () => {
    await page.goto('/admin/webhooks')
    return await page.getByText('Trying again').count() > 0
  })
  await look(page, 'office-07-trying-again')
  await page.getByRole('link', { name: 'Tickets' }).click()
  await heading('A message is not taken, and is tried again')
  await look(page, 'office-08-webhook')
  endpoint.answer = 200
  await press('Try now')
  await until('the message', async () => endpoint.taken.length > 1)
  const { message } = endpoint.taken[1]
  assert.equal(message.type, 'record.created')
  assert.equal(message.data.id, id)
  assert.equal(message.data.value.title, 'Pump leaks')
  assert.equal(message.data.by, 'olga')
})

test('a delivery is looked at and sent again', async () => {
  const last = endpoint.taken.find(({ message }) => message.type === 'record.created')
  const log = page.url()
  await until('the log of deliveries', async () => {
    await page.goto(log)
    return await page.locator('.state.good').count() > 1
  })
  await page.locator('tr', { hasText: 'record.created' }).filter({ hasText: '200' }).first().getByRole('link').first().click()
  await page.getByText('What the endpoint said').waitFor()
  await look(page, 'office-09-delivery')
  const before = endpoint.taken.length
  await press('Send it again')
  await page.getByText('The endpoint took it').waitFor()
  await until('the message again', async () => endpoint.taken.length === before + 1)
  assert.equal(endpoint.taken.at(-1).message.id, last.message.id, 'the same id')
})

test('a condition is built for the webhook of one type', async () => {
  await page.getByRole('link', { name: 'Edit' }).click()
  await press('Add a condition')
  await page.getByText('choose that one alone').waitFor()
  await page.getByLabel('Work order').check()
  await press('Add a condition')
  await page.getByRole('group', { name: 'Only where' }).last().waitFor()
  await look(page, 'office-10-condition')
  await page.goto('/admin/webhooks')
})

test('two owners edit one webhook: neither loses anything', async () => {
  const other = await browser.newPage({ baseURL: server.url, storageState: await page.context().storageState() })
  for (const p of [page, other]) {
    await p.goto('/admin/webhooks')
    await p.getByRole('link', { name: 'Tickets' }).click()
    await p.getByRole('link', { name: 'Edit' }).click()
  }
  await other.getByLabel('Name').fill('Desk')
  await other.getByRole('button', { name: 'Save the webhook' }).click()
  await other.getByText('The webhook is saved').waitFor()
  await page.getByLabel('restored').check()
  await press('Save the webhook')
  await heading('Desk')
  await page.getByText('restored').first().waitFor()
  await other.close()
})

test('activity tells what went on, to the keyboard and as a table too', async () => {
  const [id] = await owner.add('work-order', [{ title: 'Another' }])
  for (let i = 0; i < 6; i++) await owner.call('PATCH', 'work-order/' + id, { value: { title: 'Another ' + i } })
  await page.goto('/admin/activity')
  await page.locator('#chart-changes .chart-total', { hasText: /^10 / }).waitFor()
  await page.locator('#chart-changes .chart-plot').focus()
  const last = await page.locator('#chart-changes [data-read]').innerText()
  assert.match(last, /10 accepted/)
  await page.keyboard.press('ArrowLeft')
  assert.match(await page.locator('#chart-changes [data-read]').innerText(), /0 accepted/)
  await look(page, 'office-11-activity')
  await page.locator('#chart-changes summary').click()
  await page.locator('#chart-changes').getByRole('row', { name: /10 0$/ }).waitFor()
  await page.getByRole('link', { name: '30 days' }).click()
  await page.locator('#chart-changes .chart-total', { hasText: /^10 / }).waitFor()
  await look(page, 'office-12-month')
})

test('the trail tells who did what, and gives it as a file', async () => {
  await page.getByRole('link', { name: 'Who did what' }).click()
  await page.getByText('changed the settings').waitFor()
  await look(page, 'office-13-trail')
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Webhooks' })
  await press('Show')
  await page.getByText('made a webhook').waitFor()
  assert.equal(await page.getByText('changed the settings').count(), 0)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'As CSV' }).click()])
  const text = (await (await download.createReadStream()).toArray()).join('')
  assert.match(text, /olga,webhooks,made a webhook,Tickets/)
  assert.ok(!text.includes('changed the settings'))
})

test('a backup is made, looked into and restored, and the server is back', async () => {
  await page.goto('/admin/backups')
  await page.getByText('No backup yet').waitFor()
  await look(page, 'office-15-no-backups')
  await page.getByLabel('At (UTC)').fill('03:30')
  await press('Save the plan')
  await page.getByText('The plan is saved').waitFor()
  await page.goto('/admin/backups')
  await press('Make a backup')
  await page.getByRole('link', { name: 'Look and restore' }).first().waitFor()
  await owner.add('work-order', [{ title: 'Made since' }])
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).first().click()])
  const bytes = Buffer.concat(await (await download.createReadStream()).toArray())
  assert.equal(bytes.subarray(0, 15).toString(), 'SQLite format 3')
  await look(page, 'office-16-backups')
  await page.setInputFiles('#in-file', { name: 'from elsewhere.db', mimeType: 'application/octet-stream', buffer: bytes })
  await press('Upload it and look into it')
  await heading('What is in this backup')
  await page.getByRole('row', { name: /Work order 2/ }).waitFor()
  await look(page, 'office-17-backup')
  await press('Restart and restore now')
  await heading('The server starts anew')
  await look(page, 'office-18-restart')
  await until('the server', async () => {
    const list = await owner.call('GET', 'work-order').catch(() => undefined)
    return list?.documents.length === 2
  })
  await page.goto('/admin/activity/log')
  await page.getByText('changed the settings').first().waitFor()
})

test('all of it in German', async () => {
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.goto('/admin/activity')
  await page.getByRole('heading', { name: 'Änderungen' }).waitFor()
  await look(page, 'office-14-german', [1280])
})

test('no page complained', () => assert.deepEqual(complained, []))
