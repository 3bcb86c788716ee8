// The grid of records, by keyboard: going from cell to cell, editing while somebody else
// does, pasting, editing many and undoing it, and a hundred thousand rows.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Work order', type: 'object', additionalProperties: false, required: ['title'],
  'x-order': ['title', 'status', 'site', 'hours', 'due', 'urgent', 'tags', 'notes', 'address', 'parts'],
  properties: {
    title: { type: 'string', title: 'Title', minLength: 1, maxLength: 200 },
    status: { enum: ['open', 'waiting', 'done'], title: 'Status' },
    site: { type: 'string', title: 'Site' },
    hours: { type: 'number', title: 'Hours', minimum: 0, maximum: 1000 },
    due: { type: 'string', format: 'date', title: 'Due' },
    urgent: { type: 'boolean', title: 'Urgent' },
    tags: { type: 'array', uniqueItems: true, items: { type: 'string' }, title: 'Tags' },
    notes: { type: 'string', contentMediaType: 'text/plain', title: 'Notes' },
    address: { type: 'object', title: 'Address', properties: { street: { type: 'string', title: 'Street' }, city: { type: 'string', title: 'City' } } },
    parts: { type: 'array', title: 'Parts', items: { type: 'object', properties: { name: { type: 'string', title: 'Name' } } } }
  }
}
const list = '/admin/types/work-order/records'
let server, owner, browser, page, complained, ids

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', schema)
  const added = Array.from({ length: 30 }, (_, i) => ({
    value: { title: `Order ${String(i).padStart(2, '0')}`, status: i % 2 ? 'open' : 'done', site: 'Hall ' + i, hours: i, tags: ['night'] }
  }))
  ids = (await owner.call('POST', 'work-order', { added })).added.map(({ id }) => id)
  browser = await launch()
  const context = await browser.newContext({ baseURL: server.url, permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1280, height: 900 } })
  page = await context.newPage()
  complained = complaints(page)
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill('olga')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1 }).waitFor()
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

const press = (...keys) => keys.reduce((so, key) => so.then(() => page.keyboard.press(key)), Promise.resolve())
const cell = (row, column) => page.locator(`.sheet tbody tr:nth-child(${row + 1}) > :nth-child(${column + 2})`)
const value = async (i) => (await owner.call('GET', `work-order/${ids[i]}`)).value
/** Opens the list and waits until its editor can be begun with. */
async function open (path = list) {
  await page.goto(path)
  await page.waitForLoadState('networkidle')
}
/** Where the focus is: row and column of the grid. */
const at = () => page.evaluate(() => {
  const found = document.activeElement.closest('tbody td')
  return found ? [[...document.querySelectorAll('.sheet tbody tr')].indexOf(found.parentElement), found.cellIndex - 1] : document.activeElement.outerHTML.slice(0, 80)
})
/** Waits until the server has it so. */
async function becomes (i, key, want) {
  for (let n = 0; n < 100; n++) {
    if (JSON.stringify((await value(i))[key]) === JSON.stringify(want)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(`${key} is ${JSON.stringify((await value(i))[key])}, want ${JSON.stringify(want)}`)
}

test('the grid, in both widths and schemes', async () => {
  await open()
  await look(page, 'grid')
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('Tab comes to one cell, and the arrows go on from it', async () => {
  await open()
  await page.getByRole('button', { name: 'Columns' }).or(page.locator('summary', { hasText: 'Columns' })).first().focus()
  for (let n = 0; n < 30 && !Array.isArray(await at()); n++) await press('Tab')
  assert.deepEqual(await at(), [0, 0])
  await press('ArrowDown', 'ArrowRight')
  assert.deepEqual(await at(), [1, 1])
  await press('End')
  assert.equal((await at())[0], 1)
  await press('Home', 'Control+End')
  assert.equal((await at())[0], 29)
  await press('Control+Home', 'PageDown')
  assert.ok((await at())[0] > 5)
  await press('Control+Home', 'ArrowUp')
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Title/)
  await press('ArrowDown')
  assert.deepEqual(await at(), [0, 0])
})

test('Enter edits, Escape lets be, typing replaces, Tab goes on', async () => {
  await open()
  await cell(0, 0).click()
  await press('Enter', 'End')
  await page.keyboard.type(' x')
  await press('Escape')
  assert.deepEqual(await at(), [0, 0])
  assert.equal((await value(0)).title, 'Order 00')
  await press('F2', 'End')
  await page.keyboard.type(' b')
  await press('Enter')
  await becomes(0, 'title', 'Order 00 b')
  await page.waitForFunction(() => document.activeElement.closest('tr')?.sectionRowIndex === 1)
  await cell(1, 2).click()
  await page.keyboard.type('Quarry')
  await press('Tab')
  await becomes(1, 'site', 'Quarry')
  await page.waitForFunction(() => document.activeElement.cellIndex === 4)
  await page.keyboard.type('7.5')
  await press('Enter')
  await becomes(1, 'hours', 7.5)
  await page.waitForFunction(() => document.activeElement.closest('tr')?.sectionRowIndex === 2)
  await press('Delete')
  await becomes(2, 'hours', undefined)
})

test('a mistake stands beside the cell, and what was typed stays', async () => {
  await open()
  await cell(3, 3).click()
  await page.keyboard.type('5000')
  await press('Enter')
  await page.locator('.cell-editor').getByText(/at most|1,?000/).first().waitFor()
  assert.equal(await page.locator('.cell-editor input').inputValue(), '5000')
  await page.route('**/api/work-order/**', (route) => route.abort())
  await page.locator('.cell-editor input').fill('50')
  await press('Enter')
  await page.getByRole('alert').getByText('cannot be reached').waitFor()
  assert.equal(await page.locator('.cell-editor input').inputValue(), '50')
  await page.unroute('**/api/work-order/**')
  await press('Enter')
  await becomes(3, 'hours', 50)
})

test('what somebody else did meanwhile is merged, and shows', async () => {
  await open()
  await cell(4, 6).click()
  await press('Enter')
  await page.locator('.cell-editor input').first().waitFor()
  await owner.call('PATCH', `work-order/${ids[4]}`, { value: { tags: ['night', 'urgent'] }, from: { tags: ['night'] } })
  await page.keyboard.type('pump')
  await press('Enter', 'Control+Enter')
  await page.waitForFunction(() => !document.querySelector('.cell-editor'))
  const tags = (await value(4)).tags
  assert.deepEqual([...tags].sort(), ['night', 'pump', 'urgent'], 'both additions stay')
  await page.locator('.cell-note').getByText('Somebody else').waitFor()
  await owner.call('PATCH', `work-order/${ids[6]}`, { value: { site: 'Far away' } })
  await cell(6, 2).getByText('Far away').waitFor()
})

test('a part of a group is edited in its cell, and rows lead to their record', async () => {
  await owner.call('PATCH', `work-order/${ids[7]}`, { value: { address: { street: 'Quay 1' } } })
  await page.request.post(list + '/columns', { form: { column: 'title' }, maxRedirects: 0 })
  await open()
  await page.locator('summary', { hasText: 'Columns' }).click()
  await page.getByLabel('Address › City').check()
  await page.getByLabel('Parts', { exact: true }).check()
  await page.getByRole('button', { name: 'Show these' }).click()
  await page.locator('th', { hasText: 'Parts' }).waitFor()
  await open()
  await cell(7, 1).click()
  await page.keyboard.type('Kiel')
  await press('Enter')
  await becomes(7, 'address', { city: 'Kiel', street: 'Quay 1' })
  await page.waitForFunction(() => document.activeElement.closest('tr')?.sectionRowIndex === 8)
  await press('ArrowUp', 'Delete')
  await becomes(7, 'address', { street: 'Quay 1' })
  await cell(7, 2).dblclick()
  assert.match(await page.locator('.cell-note a').getAttribute('href'), new RegExp(`${ids[7]}$`))
})

test('a column is moved and made wider, and a block of cells marked, by drag', async () => {
  await open()
  await page.locator('summary', { hasText: 'Columns' }).click()
  await page.locator('.column-list li[data-key="parts"]').dragTo(page.locator('.column-list li[data-key="address.city"]'), { targetPosition: { x: 60, y: 4 } })
  await page.getByRole('button', { name: 'Show these' }).click()
  await page.locator('th[data-key="parts"] + th[data-key="address.city"]').waitFor()
  await open()
  const drag = async (from, to) => {
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 4 })
    await page.mouse.up()
  }
  const grip = await page.locator('th[data-key="address.city"] .grip').boundingBox()
  const width = () => page.locator('th[data-key="address.city"]').evaluate((head) => head.offsetWidth)
  const before = await width()
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/columns'))
  await drag(grip, { ...grip, x: grip.x + 120 })
  await kept
  assert.equal(await width(), before + 120)
  await drag(await cell(1, 0).boundingBox(), await cell(3, 1).boundingBox())
  assert.equal(await page.locator('.in-range').count(), 6)
  await open()
  assert.equal(await width(), before + 120, 'it is so the next time')
  await page.request.post(list + '/columns', { form: { do: 'usual', column: 'title' }, maxRedirects: 0 })
})

// tally waits for a count of what became of records.
const tally = (text) => page.locator('.tiles li', { hasText: text }).waitFor()

test('a block of cells is copied, shown before it is pasted, and undone', async () => {
  await open()
  await cell(8, 2).click()
  await press('Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c')
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'Hall 8\t8\nHall 9\t9')
  await page.evaluate(() => navigator.clipboard.writeText('Yard\t80\nDock\tmany\n'))
  await cell(8, 2).click()
  await press('Control+v')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 record would change').waitFor()
  await dialog.getByText('1 record would be refused').waitFor()
  assert.equal((await value(8)).site, 'Hall 8', 'nothing is written yet')
  await look(page, 'grid-paste', [1280])
  await dialog.getByRole('button', { name: 'Change them' }).click()
  await tally(/1\s*changed/)
  assert.deepEqual([(await value(8)).site, (await value(8)).hours, (await value(9)).site], ['Yard', 80, 'Hall 9'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await tally(/2\s*values put back/)
  assert.equal((await value(8)).site, 'Hall 8')
})

test('rows are selected by the space bar, edited together, and put back', async () => {
  await open()
  await cell(10, 0).click()
  await press('Shift+ArrowDown', 'Shift+ArrowDown', 'Space')
  await page.getByText('3 selected').waitFor()
  await page.getByRole('button', { name: 'Edit the selected' }).click()
  await page.getByLabel('Field').selectOption({ label: 'Status' })
  await page.getByLabel('Value').selectOption('waiting')
  await look(page, 'grid-bulk')
  await page.getByRole('button', { name: 'See what would change' }).click()
  await page.getByText('3 records would change').waitFor()
  await look(page, 'grid-bulk-preview')
  await page.getByRole('button', { name: 'Change them' }).click()
  await tally(/3\s*changed/)
  assert.equal((await value(11)).status, 'waiting')
  await owner.call('PATCH', `work-order/${ids[11]}`, { value: { status: 'done' } })
  await page.getByRole('button', { name: 'Undo' }).click()
  await tally(/2\s*values put back/)
  await page.getByText('Status was changed since').waitFor()
  await look(page, 'grid-bulk-done')
  assert.deepEqual([(await value(10)).status, (await value(11)).status, (await value(12)).status], ['done', 'done', 'done'])
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('a filter from a cell becomes a view that is shared', async () => {
  await open()
  await cell(1, 1).click()
  await press('Shift+F10')
  await page.getByRole('menuitem', { name: /Only records with this value/ }).press('Enter')
  await page.locator('.filter-chips').waitFor()
  await page.locator('summary', { hasText: 'All records' }).press('Enter')
  await page.getByLabel('Name of the new view').fill('Not done')
  await look(page, 'grid-views')
  await page.setViewportSize({ width: 1280, height: 900 })
  const panel = page.locator('form', { has: page.getByRole('button', { name: 'Save as a new view' }) })
  await panel.getByLabel('Share it with everybody').check()
  await panel.getByRole('button').click()
  await page.locator('summary', { hasText: 'Not done' }).waitFor()
  const { views } = await owner.call('GET', '_views?type=work-order')
  assert.deepEqual(views.map(({ name, shared }) => [name, shared]), [['Not done', true]])
  await page.locator('summary', { hasText: 'Filter' }).click()
  await look(page, 'grid-filter')
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('the field app shows the shared view, also without a signal', async () => {
  await owner.account('wim', 'editor')
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 360, height: 740 } })
  const phone = await context.newPage()
  const done = complaints(phone)
  await phone.goto('/app/')
  await phone.getByLabel('Name').fill('wim')
  await phone.getByLabel('Password').fill(password)
  await phone.getByRole('button', { name: 'Sign in' }).click()
  await phone.getByRole('link', { name: /Work order/ }).first().click()
  const view = phone.getByRole('navigation').getByRole('link', { name: 'Not done' })
  await view.click()
  const open = (await owner.call('GET', 'work-order?count=true&where=' + encodeURIComponent('{"field":"status","is":"open"}'))).total
  await phone.locator('.list-head').getByText(`${open} records`, { exact: true }).waitFor()
  await phone.getByRole('button', { name: 'Filter and sort' }).click()
  await phone.getByRole('group', { name: 'From the view “Not done”' }).getByText('Status is Open').waitFor()
  await look(phone, 'app-view-filter')
  await phone.getByRole('button', { name: 'Leave the view' }).click()
  await phone.getByRole('button', { name: 'Show 30 records' }).click()
  await view.click()
  await context.setOffline(true)
  await phone.getByRole('navigation').getByRole('link', { name: 'All', exact: true }).click()
  await phone.locator('.list-head').getByText('30 records', { exact: true }).waitFor()
  await view.click()
  await phone.locator('.list-head').getByText(`${open} records`, { exact: true }).waitFor()
  assert.deepEqual(done.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)), [])
  await context.close()
})

test('a hundred thousand rows scroll, and few of them are in the page', { timeout: 240_000 }, async () => {
  await owner.publish('meter', { ...schema, title: 'Meter' })
  for (let n = 0; n < 100; n++) {
    const added = Array.from({ length: 1000 }, (_, i) => ({ value: { title: `Meter ${n * 1000 + i}`, site: 'Hall ' + i % 40, hours: i } }))
    await owner.call('POST', 'meter', { added })
  }
  const began = Date.now()
  await open('/admin/types/meter/records')
  const first = Date.now() - began
  for (let n = 0; n < 40; n++) {
    const had = await page.locator('tbody.rows').count()
    await page.evaluate(() => { const grid = document.getElementById('grid'); grid.scrollTop = grid.scrollHeight })
    await page.waitForFunction((n) => document.querySelectorAll('tbody.rows').length > n, had)
  }
  const rows = await page.locator('.sheet tbody tr').count()
  assert.ok(rows < 1500, `${rows} rows are in the page after 40 pages`)
  assert.ok(first < 5000, `the first page took ${first} ms`)
  await page.evaluate(() => { document.getElementById('grid').scrollTop = 0 })
  await page.getByText('Meter 0', { exact: true }).waitFor()
})

test('nothing complained', () => assert.deepEqual(complained, []))
