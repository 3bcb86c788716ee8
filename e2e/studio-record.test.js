// The page of a record, and what hangs on it, as people use it: editing in the app's own
// form, two at one record, taking back what was lost, returning, printing.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Work order', type: 'object', additionalProperties: false, required: ['title'],
  'x-order': ['title', 'status', 'priority', 'assignee', 'hours', 'reading', 'due', 'urgent', 'notes', 'tags', 'parts'],
  properties: {
    title: { type: 'string', title: 'Title', minLength: 1, maxLength: 80 },
    status: { enum: ['open', 'in progress', 'done'], title: 'Status' },
    priority: { enum: ['low', 'high'], title: 'Priority', 'x-merge': 'conflict' },
    assignee: { type: 'string', title: 'Assignee' },
    hours: { type: 'number', title: 'Hours', 'x-merge': 'counter' },
    reading: { type: 'number', title: 'Meter reading', 'x-merge': 'max' },
    due: { type: 'string', format: 'date', title: 'Due' },
    urgent: { type: 'boolean', title: 'Urgent' },
    notes: { type: 'string', title: 'Notes', contentMediaType: 'text/plain' },
    tags: { type: 'array', title: 'Tags', uniqueItems: true, items: { type: 'string' } },
    parts: { type: 'array', title: 'Parts', items: { type: 'object', properties: { name: { type: 'string', title: 'Part' }, qty: { type: 'integer', title: 'Quantity', minimum: 1 } } } }
  }
}

const pump = {
  title: 'Pump leaks', status: 'open', assignee: 'ben', hours: 1.5, reading: 100, due: '2026-12-01', urgent: true,
  notes: 'Leaks at the flange.\nBring seals.', tags: ['hvac', 'roof'], parts: [{ name: 'Seal 40 mm', qty: 2 }, { name: 'Bolt', qty: 8 }]
}

let server, owner, browser
before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', schema)
  await owner.account('ben', 'editor')
  await owner.account('wim', 'worker')
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A page on which somebody is signed in. */
async function as (name, path = '/admin') {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.complaints = complaints(page)
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/admin')
  await page.goto(path)
  return page
}

/** Sends a change as the device of somebody who was away for some hours. */
async function push (replica, doc, ops, hours = 5, more = {}) {
  const stamp = (Date.now() - hours * 3600_000).toString(16).padStart(12, '0') + '-0000'
  const change = { replica, n: 1, stamp, type: 'work-order', version: 1, doc, ops, ...more }
  return (await owner.call('POST', '_sync', { replica, cursor: '', changes: [change] })).results[0]
}

const pathOf = (id) => `/admin/types/work-order/records/${id}`

test('a record is read, edited in the form, and what was typed survives the end of the session', async () => {
  const [id] = await owner.add('work-order', [pump])
  const page = await as('olga', pathOf(id))
  await page.getByRole('heading', { name: 'Pump leaks' }).waitFor()
  await look(page, 'record')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Edit' }).click()
  const title = page.getByRole('textbox', { name: 'Title' })
  await title.fill('Pump 4 leaks')
  await look(page, 'record-editing')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Sign in again in another tab').waitFor()
  const again = await page.context().newPage()
  await again.goto('/sign-in')
  await again.getByLabel('Name').fill('olga')
  await again.getByLabel('Password').fill(password)
  await again.getByRole('button', { name: 'Sign in' }).click()
  await again.waitForURL('**/admin')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Pump 4 leaks' }).waitFor()
  assert.equal((await owner.call('GET', 'work-order/' + id)).value.title, 'Pump 4 leaks')
  await page.context().close()
})

test('two at one record see each other, and what the other saves comes into view and into the open form', async () => {
  const [id] = await owner.add('work-order', [pump])
  const olga = await as('olga', pathOf(id))
  const ben = await as('ben', pathOf(id))
  await olga.getByText('ben is here').waitFor()
  await ben.getByText('olga is here').waitFor()
  await ben.getByRole('button', { name: 'Edit' }).click()
  await ben.locator('[data-form]').getByLabel('Assignee').fill('wim')
  await olga.getByText('ben is at Assignee').waitFor()
  await look(olga, 'record-together')
  await olga.getByRole('button', { name: 'Edit' }).click()
  await olga.getByRole('textbox', { name: 'Title' }).fill('Pump of olga')
  await ben.getByRole('button', { name: 'Save' }).click()
  await olga.getByText('ben changed this record just now.').waitFor()
  assert.equal(await olga.locator('[data-form]').getByLabel('Assignee').inputValue(), 'wim')
  assert.equal(await olga.getByRole('textbox', { name: 'Title' }).inputValue(), 'Pump of olga')
  await olga.getByRole('button', { name: 'Save' }).click()
  await ben.getByRole('heading', { name: 'Pump of olga' }).waitFor()
  const { value } = await owner.call('GET', 'work-order/' + id)
  assert.deepEqual([value.title, value.assignee], ['Pump of olga', 'wim'])
  await ben.close()
  await olga.getByText('ben is here').waitFor({ state: 'detached' })
  assert.deepEqual([olga.complaints, ben.complaints], [[], []])
  await olga.context().close()
})

test('a lost value is taken back, a conflict picked, a moment returned to, a sheet printed', async () => {
  const [id] = await owner.add('work-order', [{ ...pump, priority: 'low' }])
  await owner.call('PATCH', 'work-order/' + id, { value: { assignee: 'wim', priority: 'high' } })
  const answer = await push('00000000000000a1', id, [
    { kind: 'set', path: ['assignee'], value: 'anna' }, { kind: 'assign', path: ['priority'], id: 1, over: [], value: 'low' }
  ])
  assert.ok(answer.ok, JSON.stringify(answer))
  const page = await as('olga', pathOf(id))
  await look(page, 'record-conflict')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Take back' }).click()
  await page.getByText('The value is back.').waitFor()
  assert.equal((await owner.call('GET', 'work-order/' + id)).value.assignee, 'anna')
  await page.getByRole('button', { name: 'Pick high' }).click()
  await page.getByText('The value is picked.').waitFor()
  assert.equal((await owner.call('GET', 'work-order/' + id)).disagreements, undefined)
  await page.getByRole('link', { name: 'History of Assignee' }).click()
  await page.getByRole('heading', { name: 'Timeline of Assignee' }).waitFor()
  await page.getByRole('link', { name: 'All fields' }).click()
  await page.getByRole('link', { name: 'Restore to this moment' }).last().click()
  await look(page, 'record-return')
  await page.getByRole('button', { name: 'Restore to this moment' }).click()
  await page.getByText('The record is what it was then.').waitFor()
  assert.equal((await owner.call('GET', 'work-order/' + id)).value.assignee, 'ben')
  await page.getByRole('link', { name: 'Print' }).click()
  await look(page, 'record-print')
  await page.pdf({ path: new URL('../test-results/record.pdf', import.meta.url).pathname, preferCSSPageSize: true })
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('a record is made in the form', async () => {
  const page = await as('ben', '/admin/types/work-order/records/_new')
  await page.getByRole('textbox', { name: 'Title' }).waitFor()
  await look(page, 'record-new')
  await page.getByRole('textbox', { name: 'Title' }).fill('Valve sticks')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Valve sticks' }).waitFor()
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('what needs attention is settled where it is listed', async () => {
  const page = await as('olga', '/admin/attention')
  await page.getByText('Nothing needs you.').waitFor()
  await look(page, 'attention-none')
  const [id] = await owner.add('work-order', [pump])
  await owner.call('PATCH', 'work-order/' + id, { value: { priority: 'high' } })
  await push('00000000000000b1', id, [{ kind: 'assign', path: ['priority'], id: 1, over: [], value: 'low' }])
  const refusal = await push('00000000000000b2', id, [{ kind: 'set', path: ['status'], value: 'finished' }, { kind: 'set', path: ['assignee'], value: 'anna' }])
  assert.equal(refusal.ok, false)
  const gone = await push('00000000000000b3', id, [{ kind: 'delete', saw: { ffffffffffffffff: 9 } }])
  assert.equal(gone.ok, false)
  await owner.publish('work-order', { ...schema, properties: { ...schema.properties, assignee: { ...schema.properties.assignee, minLength: 4 } } })
  await page.reload()
  await page.getByRole('heading', { name: 'Records to settle' }).waitFor()
  await look(page, 'attention')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Mend here' }).first().click()
  const card = page.locator('article').filter({ has: page.locator('[data-form]:not(:empty)') })
  await card.getByLabel('Assignee').fill('anna')
  await look(page, 'attention-mending')
  await page.setViewportSize({ width: 1280, height: 900 })
  await card.getByRole('button', { name: 'Save' }).click()
  await card.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Pick low' }).click()
  await page.getByText('The value is picked.').waitFor()
  await page.getByRole('button', { name: 'Apply as me' }).last().click()
  await page.getByText('It is still refused').waitFor()
  await look(page, 'attention-refused')
  const tried = page.locator('article').filter({ hasText: 'wanted to change' })
  await tried.getByRole('button', { name: 'Mend here' }).click()
  await look(page, 'attention-putting-right')
  await page.setViewportSize({ width: 1280, height: 900 })
  await tried.locator('[data-form]').getByText('Done', { exact: true }).click()
  await tried.getByRole('button', { name: 'Save' }).click()
  await tried.waitFor({ state: 'detached' })
  const { value } = await owner.call('GET', 'work-order/' + id)
  assert.deepEqual([value.status, value.assignee], ['done', 'anna'])
  const made = await push('00000000000000b4', '0195a000-0000-7000-8000-0000000000b4', [{ kind: 'create' }, { kind: 'set', path: ['notes'], value: 'x' }, { kind: 'set', path: ['assignee'], value: 'wim' }])
  assert.equal(made.ok, false)
  await page.goto('/admin/attention')
  const making = page.locator('article').filter({ hasText: 'wanted to make' })
  await making.getByRole('button', { name: 'Mend here' }).click()
  assert.equal(await making.getByLabel('Assignee').inputValue(), 'wim')
  await making.getByLabel('Assignee').fill('wilo')
  await making.getByLabel('Title').fill('Made after all')
  await making.getByRole('button', { name: 'Save' }).click()
  await making.waitFor({ state: 'detached' })
  assert.equal((await owner.call('GET', 'work-order/0195a000-0000-7000-8000-0000000000b4')).value.assignee, 'wilo')
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
  await page.getByText('It is dismissed.').waitFor()
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('a conflict is picked in the form, and what was deleted comes back from the trash', async () => {
  const [id, other] = await owner.add('work-order', [{ ...pump, assignee: 'anna' }, { ...pump, title: 'Valve', assignee: 'anna' }])
  await owner.call('PATCH', 'work-order/' + id, { value: { priority: 'high' } })
  await push('00000000000000c1', id, [{ kind: 'assign', path: ['priority'], id: 1, over: [], value: 'low' }])
  const page = await as('olga', pathOf(id) + '?edit')
  await page.locator('[data-form]').getByRole('button', { name: /^Low$|Low/ }).first().click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  const now = await owner.call('GET', 'work-order/' + id)
  assert.deepEqual([now.value.priority, now.disagreements], ['low', undefined])
  for (const one of [id, other]) await owner.call('DELETE', 'work-order/' + one)
  await page.goto('/admin/types/work-order/records')
  await page.getByRole('link', { name: 'Trash' }).click()
  await look(page, 'trash')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Choose all' }).click()
  await page.getByRole('button', { name: 'Restore those chosen' }).click()
  await page.getByText('They are back').waitFor()
  await look(page, 'trash-none')
  assert.equal((await owner.call('GET', 'work-order/' + other)).deleted, undefined)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('a record is edited and its form left by keyboard alone', async () => {
  const [id] = await owner.add('work-order', [{ ...pump, assignee: 'anna' }])
  const page = await as('olga', pathOf(id))
  await page.getByRole('button', { name: 'Edit' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector('[data-form] > div')?.shadowRoot?.activeElement?.id.startsWith('f/title'))
  await page.keyboard.press('Control+A')
  await page.keyboard.type('Pump by keys')
  await page.keyboard.press('Control+s')
  await page.getByRole('heading', { name: 'Pump by keys' }).waitFor()
  await page.getByRole('button', { name: 'Edit' }).waitFor()
  await page.locator('[data-edit]:focus').waitFor()
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})
