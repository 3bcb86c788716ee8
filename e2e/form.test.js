// Forms and records of the field app in a real browser: every kind of field, errors as
// they are typed, rows, what two people do at once, and the text they both write in.
// Each step leaves pictures in test-results.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'))
const workOrder = await read('../cmd/fieldstack/sample/work-order.json')
const inspection = await read('../client/app/test/every-field.schema.json')

let server, owner, browser, anna, ben, order, id
const complained = []

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  await owner.publish('inspection', inspection)
  for (const name of ['anna', 'ben']) await owner.account(name)
  ;[order] = await owner.add('work-order', [{ title: 'Replace gasket on feed pump', status: 'open', priority: 'normal' }, { title: 'Repaint handrail', status: 'open', priority: 'low' }])
  browser = await launch()
  anna = await device('anna')
  ben = await device('ben')
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Somebody's phone, signed in. */
async function device (name) {
  const context = await browser.newContext({
    baseURL: server.url, viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'en-GB', timezoneId: 'Europe/Berlin',
    permissions: ['geolocation', 'clipboard-read', 'clipboard-write'], geolocation: { latitude: 50.7374123, longitude: 7.0982 }
  })
  const page = await context.newPage()
  complained.push(complaints(page))
  await page.goto('/app/')
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await synced(page)
  return page
}

const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' })
const press = (page, name) => button(page, name).click()
const group = (page, name) => page.getByRole('group', { name: new RegExp('^' + name) })
const sign = (page, state) => button(page, `Synchronisation: ${state}`).waitFor()
const synced = (page) => sign(page, 'Synced')
const field = (page, label) => page.getByRole('textbox', { name: new RegExp('^' + label) })
const wait = (page, what, arg) => page.waitForFunction(what, arg)

/** Fills a field and leaves it. */
async function fill (page, label, text) {
  await field(page, label).fill(text)
  await field(page, label).blur()
}

/** What the server holds once it holds what is asked for. */
async function held (test) {
  for (let i = 0; ; i++) {
    const { value } = await owner.call('GET', 'inspection/' + id)
    if (test(value)) return value
    assert.ok(i < 100, 'the server never had it: ' + JSON.stringify(value))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function show (page, name) {
  await look(page, 'form-' + name)
  await page.setViewportSize({ width: 360, height: 740 })
  const small = await page.evaluate(() => [...document.querySelectorAll('main a, main button, main select, main input, main summary, main .toggle')].filter((e) => {
    if (e.matches('label *') || e.closest('.markdown')) return false
    const { width, height } = e.getBoundingClientRect()
    return e.checkVisibility() && width > 1 && (height < 47.5 || width < 47.5)
  }).map((e) => e.outerHTML.slice(0, 120)))
  assert.deepEqual(small, [], `too small to press on ${name}`)
  await page.emulateMedia({ colorScheme: 'light' })
}

test('a new record says what it lacks, beside the field and above', async () => {
  await anna.goto('/app/#/inspection/new')
  await anna.getByRole('heading', { name: 'New: Inspection' }).waitFor()
  assert.equal(await anna.getByText('Not numbered yet').count(), 1)
  assert.equal(await field(anna, 'Why it is urgent').count(), 0, 'it is hidden until it is urgent')
  assert.equal(await anna.getByText('Old remark').count(), 0)
  await show(anna, '01-new')
  await press(anna, 'Save')
  await anna.getByRole('alert').getByRole('link', { name: 'Reading is required.' }).waitFor()
  assert.equal(await anna.evaluate(() => document.activeElement.id), 'f/title', 'the first error has the focus')
  await show(anna, '02-errors')
  await anna.getByRole('alert').getByRole('link', { name: 'Reading is required.' }).click()
  assert.equal(await anna.evaluate(() => document.activeElement.id), 'f/reading')
})

test('errors come and go as it is typed', async () => {
  await field(anna, 'Title').pressSequentially('Ro')
  await anna.locator('[id="f/title-error"]').getByText('needs at least 3 characters; it has 2').waitFor()
  assert.equal(await field(anna, 'Title').getAttribute('aria-invalid'), 'true')
  assert.match(await field(anna, 'Title').getAttribute('aria-describedby'), /f\/title-error/)
  await field(anna, 'Title').pressSequentially('of of hall 3')
  await anna.locator('[id="f/title-error"]').waitFor({ state: 'detached' })
  await fill(anna, 'Reading', '1,2,3')
  await anna.locator('[id="f/reading-error"]').getByText('Reading must be a number.').waitFor()
  await fill(anna, 'Reading', '501')
  await anna.locator('[id="f/reading-error"]').getByText('at most 500').waitFor()
  await fill(anna, 'Reading', '4,5')
  await anna.locator('[id="f/reading-error"]').waitFor({ state: 'detached' })
  assert.equal(await field(anna, 'Reading').inputValue(), '4.5')
})

test('every kind of field is filled in', async () => {
  await group(anna, 'Verdict').getByText('Look again').click()
  await anna.getByLabel('Trade').selectOption({ label: 'Roofing' })
  await press(anna, 'Me')
  await group(anna, 'Urgent').getByText('Yes').click()
  await fill(anna, 'Why it is urgent', 'Rain is forecast')
  await anna.getByLabel('Day', { exact: true }).fill('2026-11-23')
  await anna.getByLabel('Time of arrival').fill('07:30')
  await anna.getByLabel('Left at').fill('2026-11-23T16:20')
  await fill(anna, 'People on site', '3')
  await group(anna, 'Hours worked').getByRole('button', { name: 'Add 1 to Hours worked' }).click()
  await anna.getByLabel('Amount to add to Hours worked').fill('0,5')
  await group(anna, 'Hours worked').getByRole('button', { name: 'Add', exact: true }).click()
  await group(anna, 'Hours worked').getByText('1.5').waitFor()
  await fill(anna, 'Water meter', '10423.5')
  await fill(anna, 'Coldest room', '-2')
  await anna.getByLabel('New entry of Single measurements').fill('101')
  await anna.keyboard.press('Enter')
  await group(anna, 'Single measurements').getByText('at most 100').waitFor()
  for (const n of ['4.4', '4.6']) {
    await anna.getByLabel('New entry of Single measurements').fill(n)
    await anna.keyboard.press('Enter')
    await group(anna, 'Single measurements').getByRole('listitem').getByText(n).waitFor()
  }
  await anna.getByLabel('New entry of Tags').pressSequentially('wet,night')
  await anna.keyboard.press('Enter')
  await press(anna, 'Remove night')
  await group(anna, 'Hazards').getByText('Height').click()
  await fill(anna, 'Summary', 'Two leaks.')
  await field(anna, 'Notes').fill('# Findings\n\nThe **flashing** is loose, <b>really</b>.\n\n| part | n |\n|---|--:|\n| seal | 2 |')
  await press(anna, 'Preview')
  await anna.locator('.markdown strong').getByText('flashing').waitFor()
  assert.match(await anna.locator('.markdown').innerText(), /<b>really<\/b>/, 'no HTML gets through')
  await press(anna, 'Write')
  await press(anna, /^Add a row/)
  await fill(anna, 'Part', 'Seal 40 mm')
  await fill(anna, 'Quantity', '2')
  await group(anna, 'Fitted').getByText('No').click()
  await fill(anna, 'Why not', 'wrong size')
  await anna.getByLabel('New name in Left in the van').fill('Seal 40 mm')
  await anna.keyboard.press('Enter')
  await fill(anna, 'Seal 40 mm', '4')
  await fill(anna, 'Postcode', '5311')
  await anna.locator('[id="f/address/postcode-error"]').waitFor()
  await fill(anna, 'Postcode', '53117')
  await fill(anna, 'City', 'Bonn')
  await press(anna, 'Use where I am')
  await wait(anna, () => document.getElementById('f/place/lat').value === '50.737412')
  await fill(anna, 'Email', 'office@')
  await anna.locator('[id="f/email-error"]').waitFor()
  await fill(anna, 'Email', 'office@example.org')
  await fill(anna, 'Phone', '+49 228 1234')
  await fill(anna, 'Manual', 'https://example.org/roof')
  await press(anna, /^Choose a record/)
  await anna.getByRole('searchbox').fill('gasket')
  await anna.getByText('1 found').waitFor()
  await show(anna, '03-picker')
  await press(anna, 'Replace gasket on feed pump')
  await anna.getByRole('link', { name: 'Replace gasket on feed pump' }).waitFor()
  await show(anna, '04-filled')
})

test('what is not saved survives a reload', async () => {
  await field(anna, 'Log').fill('07:40 on the roof')
  await anna.reload()
  await anna.getByText('What you began is still here.').waitFor()
  assert.equal(await field(anna, 'Log').inputValue(), '07:40 on the roof')
  assert.equal(await field(anna, 'Part').inputValue(), 'Seal 40 mm')
})

test('saved, it is on the device, and then on the server', async () => {
  await anna.context().setOffline(true)
  await press(anna, 'Save')
  await anna.getByRole('heading', { name: 'Roof of hall 3' }).waitFor()
  await anna.getByText('Waiting to be sent').first().waitFor()
  id = anna.url().split('/').at(-1)
  await anna.locator('summary').filter({ hasText: 'History' }).click()
  await anna.getByText('The history needs a network.').waitFor()
  await show(anna, '05-waiting')
  await anna.context().setOffline(false)
  await synced(anna)
  await anna.getByText('IN-0001', { exact: true }).waitFor()
  const value = await held((v) => v.number)
  assert.deepEqual(value, {
    number: 'IN-0001', title: 'Roof of hall 3', status: 'planned', verdict: 'again', trade: 'roofing', assignee: 'anna', urgent: true, reason: 'Rain is forecast',
    day: '2026-11-23', arrival: '07:30:00Z', left: '2026-11-23T15:20:00.000Z', reading: 4.5, people: 3, hours: 1.5, meter: 10423.5, coldest: -2,
    measures: [4.4, 4.6], tags: ['wet'], hazards: ['height'], summary: 'Two leaks.',
    notes: '# Findings\n\nThe **flashing** is loose, <b>really</b>.\n\n| part | n |\n|---|--:|\n| seal | 2 |', log: '07:40 on the roof',
    parts: [{ part: 'Seal 40 mm', quantity: 2, fitted: false, why: 'wrong size' }], stock: { 'Seal 40 mm': 4 },
    address: { postcode: '53117', city: 'Bonn' }, place: { lat: 50.737412, long: 7.0982 }, email: 'office@example.org', phone: '+49 228 1234',
    manual: 'https://example.org/roof', order, form: 'F-12'
  })
  await anna.goto('/app/#/inspection/new')
  await anna.getByRole('heading', { name: 'New: Inspection' }).waitFor()
  assert.equal(await field(anna, 'Title').inputValue(), '', 'the draft is gone')
  await anna.goto('/app/#/inspection/' + id)
})

test('each field is written when it is left, and what others write appears', async () => {
  await ben.goto('/app/#/inspection/' + id)
  await ben.getByRole('heading', { name: 'Roof of hall 3' }).waitFor()
  await anna.getByRole('heading', { name: 'Roof of hall 3' }).waitFor()
  await field(ben, 'Summary').fill('Three leaks.')
  await fill(anna, 'Title', 'Roof of hall 3, north')
  await anna.getByText('Saved on this device', { exact: true }).waitFor()
  await ben.getByRole('heading', { name: 'Roof of hall 3, north' }).waitFor()
  assert.equal(await field(ben, 'Summary').inputValue(), 'Three leaks.', 'what is being typed stays')
  assert.ok(await field(ben, 'Summary').evaluate((e) => e === document.activeElement))
  await fill(anna, 'Summary', 'Two leaks, sealed.')
  await ben.getByText('Somebody else changed this meanwhile').waitFor()
  await show(ben, '06-elsewhere')
  await press(ben, 'Take that')
  await ben.getByText('Somebody else changed this meanwhile').waitFor({ state: 'hidden' })
  assert.equal(await field(ben, 'Summary').inputValue(), 'Two leaks, sealed.')
  await fill(ben, 'Title', 'R')
  await ben.locator('[id="f/title-error"]').waitFor()
  await ben.reload()
  await ben.locator('[id="f/title-error"]').waitFor()
  assert.equal(await field(ben, 'Title').inputValue(), 'R', 'what cannot be written is kept as it was typed')
  await fill(ben, 'Title', 'Roof of hall 3, south')
  await held((v) => v.title === 'Roof of hall 3, south')
  await fill(ben, 'Water meter', '10')
  await ben.getByText('a smaller value does not count').waitFor()
  await fill(ben, 'Water meter', '10424')
  await group(ben, 'Hours worked').getByRole('button', { name: 'Add 1 to Hours worked' }).click()
  const value = await held((v) => v.hours === 2.5 && v.meter === 10424)
  assert.equal(value.summary, 'Two leaks, sealed.')
})

test('rows are added, moved by keyboard, finger and mouse, and taken out with a way back', async () => {
  await press(anna, /^Add a row/)
  await wait(anna, () => /part$/.test(document.activeElement.id) && document.activeElement.value === '')
  await anna.keyboard.type('Bearing')
  await anna.keyboard.press('Tab')
  // Who types on has the row in time, however long it takes to be there.
  await button(anna, /^Add a row/).focus()
  await anna.keyboard.press('Enter')
  await anna.keyboard.type('Grease')
  await anna.keyboard.press('Tab')
  const names = () => anna.locator('.rows h3').allInnerTexts()
  await wait(anna, () => [...document.querySelectorAll('.rows h3')].map((e) => e.innerText).join() === 'Seal 40 mm,Bearing,Grease')
  const handle = anna.getByRole('button', { name: /^Move Grease:/ })
  await handle.focus()
  await anna.keyboard.press('ArrowUp')
  await anna.getByText('Now row 2 of 3').waitFor()
  assert.ok(await handle.evaluate((e) => e === document.activeElement), 'the handle keeps the focus')
  await anna.keyboard.press('ArrowUp')
  await anna.getByText('Now row 1 of 3').waitFor()
  assert.deepEqual(await names(), ['Grease', 'Seal 40 mm', 'Bearing'])
  await press(anna, 'Move Bearing up')
  await anna.getByText('Now row 2 of 3').waitFor()
  await dragByFinger(anna, /^Move Bearing:/, /^Move Grease:/)
  await wait(anna, () => document.querySelectorAll('.rows h3')[0].innerText === 'Bearing')
  assert.deepEqual(await names(), ['Bearing', 'Grease', 'Seal 40 mm'])
  await drag(anna, /^Move Grease:/, /^Move Seal 40 mm:/)
  await wait(anna, () => document.querySelectorAll('.rows h3')[2].innerText === 'Grease')
  assert.deepEqual(await names(), ['Bearing', 'Seal 40 mm', 'Grease'])
  await press(anna, 'Remove Bearing')
  await press(anna, 'Undo')
  await wait(anna, () => document.querySelectorAll('.rows h3')[0].innerText === 'Bearing')
  await show(anna, '07-rows')
  const { parts } = await held((v) => v.parts.length === 3 && v.parts[0].part === 'Bearing')
  assert.deepEqual(parts.map(({ part }) => part), ['Bearing', 'Seal 40 mm', 'Grease'])
})

/** Drags a row up over the one before it with a finger, on a phone: the page stands still meanwhile. */
async function dragByFinger (page, from, over) {
  await page.locator('.rows > li', { has: page.getByRole('button', { name: over }) }).evaluate((e) => scrollBy(0, e.getBoundingClientRect().top - 80))
  const before = await page.evaluate(() => scrollY)
  const [a, b] = [await page.getByRole('button', { name: from }).boundingBox(), await page.getByRole('button', { name: over }).boundingBox()]
  const finger = await page.context().newCDPSession(page)
  const touch = (type, y) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: y ? [{ x: a.x + 20, y }] : [] })
  await touch('touchStart', a.y + 20)
  for (let i = 1; i <= 8; i++) await touch('touchMove', a.y + 20 + (b.y - a.y) * i / 8)
  assert.equal(await page.evaluate(() => scrollY), before)
  await touch('touchEnd')
}

/** Drags one handle a little past another. */
async function drag (page, from, past) {
  await page.setViewportSize({ width: 1280, height: 2400 })
  await page.locator('.rows').scrollIntoViewIfNeeded()
  const [a, b] = [await page.getByRole('button', { name: from }).boundingBox(), await page.locator('.rows > li', { has: page.getByRole('button', { name: past }) }).boundingBox()]
  await page.mouse.move(a.x + 20, a.y + 20)
  await page.mouse.down()
  await page.mouse.move(a.x + 20, b.y + b.height, { steps: 8 })
  await page.mouse.up()
  await page.setViewportSize({ width: 360, height: 740 })
}

test('two answers at once wait for somebody to pick one', async () => {
  await synced(anna)
  for (const page of [anna, ben]) await page.context().setOffline(true)
  await group(anna, 'Verdict').getByText('Passed').click()
  await group(ben, 'Verdict').getByText('Failed').click()
  for (const page of [anna, ben]) await page.getByText('Waiting to be sent').first().waitFor()
  for (const page of [anna, ben]) await page.context().setOffline(false)
  for (const page of [anna, ben]) await page.getByText('2 values were given at the same time').waitFor()
  await synced(anna)
  await show(anna, '08-conflict')
  await press(anna, 'Keep this one Failed')
  for (const page of [anna, ben]) await page.getByText('2 values were given at the same time').waitFor({ state: 'detached' })
  await held((v) => v.verdict === 'fail')
})

test('two people write in one text, one of them offline, and both texts are whole', async () => {
  const notes = (page) => field(page, 'Log')
  await notes(anna).fill('')
  await notes(anna).pressSequentially('middle')
  await notes(anna).blur()
  await wait(ben, () => document.getElementById('f/log').value === 'middle')
  await ben.context().setOffline(true)
  await notes(ben).focus()
  await ben.keyboard.press('Control+End')
  await ben.keyboard.type(' and Ben was here 😀')
  await notes(anna).focus()
  await anna.keyboard.press('Control+Home')
  await anna.keyboard.type('Anna came first, ')
  await ben.context().setOffline(false)
  const whole = 'Anna came first, middle and Ben was here 😀'
  for (const page of [anna, ben]) await wait(page, (text) => document.getElementById('f/log').value === text, whole)
  assert.equal(await notes(anna).evaluate((e) => e.selectionStart), 'Anna came first, '.length, 'her cursor stayed')
  assert.equal(await notes(ben).evaluate((e) => e.selectionStart), whole.length, 'his cursor moved along with his words')
  await anna.keyboard.type('really, ')
  await wait(ben, () => document.getElementById('f/log').value.includes('really, middle'))
  await held((v) => v.log === 'Anna came first, really, middle and Ben was here 😀')
})

test('the history tells who did what', async () => {
  await anna.locator('summary').filter({ hasText: 'History' }).click()
  await anna.locator('.timeline').getByText('ben').first().waitFor()
  await show(anna, '09-history')
})

test('a record in the trash can be read and comes back', async () => {
  await press(anna, 'Move to the trash')
  await anna.getByText('This record is in the trash.').waitFor()
  assert.equal(await field(anna, 'Title').count(), 0, 'nothing in it is edited')
  await show(anna, '10-trash')
  await press(anna, 'Restore')
  await field(anna, 'Title').waitFor()
  await press(anna, 'Copy the link')
  await anna.getByText('The link was copied').waitFor()
  assert.equal(await anna.evaluate(() => navigator.clipboard.readText()), anna.url())
})

test('a new version of the type that asks for more makes no work lost', async () => {
  await field(anna, 'Summary').fill('Being typed')
  await owner.publish('inspection', { ...inspection, required: [...inspection.required, 'size'], properties: { ...inspection.properties, size: { title: 'Size', type: 'number' } } })
  await anna.getByText('This needs attention').waitFor()
  assert.equal(await field(anna, 'Summary').inputValue(), 'Being typed')
  await anna.getByRole('link', { name: 'Size is required.' }).click()
  assert.equal(await anna.evaluate(() => document.activeElement.id), 'f/size')
  await show(anna, '11-attention')
  await anna.keyboard.type('3')
  await field(anna, 'Size').blur()
  await anna.getByText('This needs attention').waitFor({ state: 'detached' })
  await held((v) => v.size === 3 && v.summary === 'Being typed')
})

test('what the server refused is told on the record', async () => {
  await anna.context().setOffline(true)
  await fill(anna, 'City', 'Berlin')
  await anna.getByText('Waiting to be sent').first().waitFor()
  await owner.call('PUT', '_types/inspection/rules', { roles: { worker: { readOnly: ['address'] } } })
  await anna.context().setOffline(false)
  await anna.getByText('A change could not be sent').waitFor()
  await anna.locator('.notice').getByText('Berlin').waitFor()
  await wait(anna, () => !document.getElementById('f/address/city')?.matches('input'))
  await show(anna, '12-refused')
  await press(anna, 'I have read this')
  await anna.getByText('A change could not be sent').waitFor({ state: 'detached' })
})

test('in German', async () => {
  await anna.evaluate(() => localStorage.setItem('fieldstack.language', 'de'))
  await anna.reload()
  await anna.getByText('Verlauf').waitFor()
  await fill(anna, 'Reading', '501')
  await anna.getByText('Reading darf höchstens 500 sein; es ist 501.').waitFor()
  await fill(anna, 'Reading', '3,25')
  assert.equal(await field(anna, 'Reading').inputValue(), '3,25')
  await held((v) => v.reading === 3.25)
  await show(anna, '13-german')
})

test('no page complained', () => {
  assert.deepEqual(complained.flat(), [])
})
