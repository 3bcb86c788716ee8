// The parts of the app that stand on admin pages, in a real browser, under the policy of
// those pages: the form of a record, the preview of a type, the cell of a grid, and the
// rehearsal of two phones. Pictures are left in test-results.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { complaints, launch, look } from './browser.js'
import { serveIslands } from './islands.js'

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'))
const type = {
  name: 'inspection', version: 1, title: 'Inspection',
  schema: await read('../client/app/test/every-field.schema.json'), fields: await read('../client/app/test/every-field.fields.json')
}
const record = { title: 'Feed pump', status: 'planned', reading: 12.5, hours: 2, tags: ['roof'], notes: 'Checked the pump.', parts: [{ part: 'Seal', quantity: 1 }] }

let site, browser, page
const complained = []

before(async () => {
  site = await serveIslands()
  browser = await launch()
})

after(async () => {
  await browser?.close()
  site?.close()
})

beforeEach(async () => {
  await page?.context().close()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 900 } })).newPage()
  complained.push(complaints(page))
  await visit()
})

async function visit () {
  await page.goto(site.url)
  await page.waitForFunction(() => globalThis.studio)
}

/** Mounts an island; what it calls back is noted in the page, in order. */
async function mount (name, options) {
  await page.evaluate(([name, options]) => {
    globalThis.mounted?.close()
    const called = globalThis.called = []
    const note = (what) => (...args) => { called.push([what, ...args]) }
    const calls = name === 'mountForm' ? { save: async (changes) => { note('save')(changes); return globalThis.answer?.(changes) } } : { commit: note('commit'), cancel: note('cancel'), next: note('next') }
    globalThis.mounted = studio[name](document.getElementById('island'), { lang: 'en', ...calls, ...options })
    mounted.focus?.()
  }, [name, options])
  await page.locator('.island').first().waitFor()
}

const called = () => page.evaluate(() => globalThis.called)
const form = (more = {}) => mount('mountForm', { type, id: '1', user: 'olga', value: record, ...more })
const button = (name) => page.getByRole('button', { name, exact: typeof name === 'string' })
const field = (label) => page.getByRole('textbox', { name: new RegExp('^' + label) })

test('a record: only what differs is saved, with what it was', async () => {
  await form()
  assert.equal(await button('Save').isDisabled(), true)
  await field('Title').fill('Feed pump 2')
  await page.getByRole('radio', { name: 'On site' }).check({ force: true })
  await button('Add 1 to Hours worked').click()
  await page.getByText('3 fields changed, not saved yet').waitFor()
  await page.getByText('It was: Planned').waitFor()
  await page.getByRole('radio', { name: 'Passed' }).check({ force: true })
  await button('Undo Verdict').click()
  await page.getByRole('radio', { name: 'Passed', checked: false }).waitFor({ state: 'attached' })
  await look(page, 'studio-record-changed')
  await page.keyboard.press('Control+s')
  await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
  assert.deepEqual(await called(), [['save', { patch: { title: 'Feed pump 2', status: 'on_site', hours: 3 }, from: { title: 'Feed pump', status: 'planned', hours: 2 }, picks: [] }]])
  assert.equal(await page.evaluate(() => mounted.dirty()), false)
})

test('a record: a press lands where it was aimed at, whatever the field that is left has to say', async () => {
  await form()
  await field('Title').fill('x')
  await page.getByText('On site', { exact: true }).click()
  assert.equal(await page.getByRole('radio', { name: 'On site' }).isChecked(), true)
  await page.getByText('Title needs at least 3 characters').first().waitFor()
})

test('a record: what cannot be saved says so beside its field, and stays', async () => {
  await form()
  await field('Title').fill('x')
  await field('Notes').fill('More')
  await button('Save').click()
  await page.getByText('Title needs at least 3 characters').first().waitFor()
  assert.equal(await page.evaluate(() => document.getElementById('island').shadowRoot.activeElement.id), 'f/title')
  assert.deepEqual(await called(), [])
  await page.evaluate(() => { globalThis.answer = () => { throw Object.assign(new Error('Your session has ended.'), { problems: [{ path: '/title', message: 'Another record has this title.' }] }) } })
  await field('Title').fill('Pump')
  await button('Save').click()
  await page.getByText('Your session has ended.').waitFor()
  await page.getByText('Another record has this title.').first().waitFor()
  await look(page, 'studio-record-refused')
})

test('a record: what was not saved is there again, for the same person only', async () => {
  await form()
  await field('Title').fill('Half don')
  await field('Reading').fill('twelve')
  await page.waitForFunction(() => Object.keys(localStorage).length)
  await page.waitForTimeout(400) // the keeping of the last stroke
  await visit()
  await form({ user: 'ben' })
  assert.equal(await field('Title').inputValue(), 'Feed pump')
  await form({ value: { ...record, reading: 13, title: 'Changed elsewhere' } })
  await page.getByText('What you changed earlier, in 2 fields, was not saved. It is here again.').waitFor()
  assert.equal(await field('Title').inputValue(), 'Half don')
  assert.equal(await field('Reading').inputValue(), 'twelve')
  await page.getByText('Somebody else changed this meanwhile, to:').first().waitFor()
  await look(page, 'studio-record-again')
  await button('Discard').first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
  assert.equal(await field('Title').inputValue(), 'Changed elsewhere')
  assert.equal(await page.evaluate(() => Object.keys(localStorage).length), 0)
})

test('a record: what others do appears, and where only one can stay the person is asked', async () => {
  await form()
  await field('Title').fill('Mine')
  await field('Title').blur()
  await field('Notes').fill('Checked the pump. And the valve.')
  await field('Notes').blur()
  await page.evaluate((record) => mounted.moved({ ...record, title: 'Theirs', reading: 40, notes: 'Rang first. Checked the pump.' }), record)
  assert.equal(await field('Reading').inputValue(), '40')
  assert.equal(await field('Notes').inputValue(), 'Rang first. Checked the pump. And the valve.')
  await page.getByText('Somebody else changed this meanwhile, to: Theirs').waitFor()
  await button('Save').click()
  await page.getByText('Choose which is to stay, then save.').waitFor()
  assert.deepEqual(await called(), [])
  await button('Keep mine').click()
  await button('Save').click()
  await page.waitForFunction(() => globalThis.called.length)
  const [[, changes]] = await called()
  assert.deepEqual([changes.patch.title, changes.from.title], ['Mine', 'Theirs'])
})

test('a record: several values wait for a pick', async () => {
  await form({ value: { ...record, verdict: 'fail' }, disagreements: [{ path: ['verdict'], values: [{ id: 'a.1', stamp: '019b00000000-0000', value: 'fail' }, { id: 'b.1', stamp: '019a00000000-0000', value: 'pass' }] }] })
  await page.getByText('2 values were given at the same time. Pick one.').waitFor()
  await look(page, 'studio-record-pick')
  await button('Keep this one Passed').click()
  await button('Save').click()
  await page.waitForFunction(() => globalThis.called.length)
  assert.deepEqual(await called(), [['save', { patch: {}, from: {}, picks: [{ path: ['verdict'], value: 'pass', choice: 'b.1', seen: ['a.1', 'b.1'] }] }]])
})

test('a new record is checked as a whole', async () => {
  await form({ id: undefined, value: undefined })
  await page.getByText('Nothing filled in yet').waitFor()
  await button('Save').click()
  await page.getByText('This keeps it from being saved').waitFor()
  await field('Title').fill('New pump')
  await field('Reading').fill('4')
  await button('Save').click()
  await page.waitForFunction(() => globalThis.called.length)
  const [[, { patch, from }]] = await called()
  assert.deepEqual([patch, from], [{ title: 'New pump', status: 'planned', reading: 4, form: 'F-12' }, {}])
})

test('the preview follows the type and keeps what was typed', async () => {
  await mount('mountPreview', { type })
  await field('Title').fill('ab')
  await button('Try to save').click()
  await page.getByText('This keeps it from being saved').waitFor()
  await page.getByRole('radio', { name: 'Yes' }).first().check({ force: true })
  await field('Why it is urgent').fill('It leaks.')
  await look(page, 'studio-preview')
  const next = structuredClone(type)
  next.schema.properties.title = { title: 'What is it', type: 'string', maxLength: 60 }
  next.fields.find(({ path }) => path[0] === 'title').title = 'What is it'
  delete next.schema.properties.reading
  next.schema.required = ['title']
  next.fields = next.fields.filter(({ path }) => path[0] !== 'reading')
  await page.evaluate((next) => mounted.update(next), next)
  assert.equal(await field('What is it').inputValue(), 'ab')
  assert.equal(await field('Why it is urgent').inputValue(), 'It leaks.')
  assert.equal(await field('Reading').count(), 0)
  await button('Try to save').click()
  await page.getByText('This record could be saved.').waitFor()
  await page.evaluate(() => mounted.update({ faults: [{}, {}] }))
  await page.getByText('The draft has 2 mistakes.').waitFor()
  assert.equal(await field('What is it').inputValue(), 'ab')
  await page.evaluate(() => mounted.update({ name: 'x', version: 1, schema: { type: 'object' }, fields: null }))
  await page.getByText('No fields yet').waitFor()
})

test('a cell commits with Enter, cancels with Escape, goes on with Tab, and takes no nonsense', async () => {
  await mount('mountCell', { type, path: ['title'], value: 'Pump' })
  await page.keyboard.press('End')
  await page.keyboard.type(' 2')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  assert.deepEqual(await called(), [['commit', 'Pump 2'], ['cancel']])
  await mount('mountCell', { type, path: ['reading'], value: 3 })
  await page.keyboard.press('Control+a')
  await page.keyboard.type('4000')
  await page.keyboard.press('Enter')
  await page.getByText('Reading must be at most 500').waitFor()
  assert.equal(await page.evaluate(() => mounted.valid()), false)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('40')
  await page.keyboard.press('Shift+Tab')
  assert.deepEqual(await called(), [['next', 40, true]])
  await mount('mountCell', { type, path: ['status'], value: 'planned' })
  await page.getByText('Done', { exact: true }).click()
  await page.waitForFunction(() => globalThis.called.length)
  assert.deepEqual(await called(), [['commit', 'done']])
  await mount('mountCell', { type, path: ['status'], value: 'planned' })
  await page.keyboard.press('ArrowRight')
  assert.deepEqual(await called(), [])
  await page.keyboard.press('Enter')
  assert.deepEqual(await called(), [['commit', 'on_site']])
  await mount('mountCell', { type, path: ['tags'], value: ['roof'] })
  await page.getByRole('textbox').fill('cellar')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox').fill('yard')
  await page.keyboard.press('Control+Enter')
  assert.deepEqual(await called(), [['commit', ['roof', 'cellar', 'yard']]])
  await mount('mountCell', { type, path: ['address', 'postcode'], value: '53111', record: { ...record, address: { postcode: '53111' } } })
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Tab')
  assert.deepEqual(await called(), [['next', null, false]].map(([a, , c]) => [a, undefined, c]))
})

/** What a phone of the rehearsal shows. */
const phone = (name) => page.getByRole('region', { name: name + '’s phone' })
const network = (name) => page.getByRole('switch', { name: 'Network of ' + name })

test('a rehearsal: both type without a network, and both texts stay', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await mount('mountRehearsal', { type, focus: 'notes' })
  await network('Anna').click()
  await network('Ben').click()
  const [anna, ben] = [phone('Anna').getByRole('textbox'), phone('Ben').getByRole('textbox')]
  await anna.press('Control+Home')
  await anna.pressSequentially('First. ')
  await ben.press('Control+End')
  await ben.pressSequentially(' Last.')
  await phone('Anna').getByText('1 waiting').waitFor()
  await phone('Ben').getByText('1 waiting').waitFor()
  await look(page, 'studio-rehearsal-offline')
  await network('Anna').click()
  await network('Ben').click()
  await page.getByText('Both typed in “Notes”. Both texts are kept').first().waitFor()
  assert.equal(await anna.inputValue(), 'First. Checked the pump. Last.')
  assert.equal(await ben.inputValue(), 'First. Checked the pump. Last.')
})

test('a rehearsal: its story is told step by step, by keyboard alone', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await mount('mountRehearsal', { type, focus: 'verdict' })
  await look(page, 'studio-rehearsal-begin')
  await button('Both edit “Verdict” offline').focus()
  await page.keyboard.press('Enter')
  await page.getByText('Step 1 of 6').waitFor()
  for (let i = 2; i <= 5; i++) {
    await button('Next step').focus()
    await page.keyboard.press('Enter')
    await page.getByText(`Step ${i} of 6`).waitFor()
  }
  await page.getByText('are both kept, until somebody picks one').first().waitFor()
  await phone('Ben').getByText('2 values were given at the same time. Pick one.').waitFor()
  await look(page, 'studio-rehearsal-both')
  await phone('Ben').getByRole('button', { name: 'Keep this one Failed' }).click()
  await page.getByText('Ben picked “Failed” for “Verdict”').first().waitFor()
  assert.equal(await phone('Anna').getByRole('radio', { name: 'Failed' }).isChecked(), true)
})

test('a rehearsal goes on by itself, can be held, and speaks German', async () => {
  await page.clock.install()
  await mount('mountRehearsal', { type, focus: 'status', lang: 'de' })
  await button('Beide bearbeiten „Status“ ohne Netz').click()
  await page.getByText('Schritt 1 von 5').waitFor()
  await page.clock.runFor(3000)
  await page.getByText('Schritt 2 von 5').waitFor()
  await button('Anhalten').click()
  await page.clock.runFor(30000)
  await page.getByText('Schritt 2 von 5').waitFor()
  await button('Weiter').click()
  await page.clock.runFor(12000)
  await page.getByText('Schritt 5 von 5').waitFor()
  await page.getByText('Beide haben „Status“ geändert.').first().waitFor()
})

test('a rehearsal of a draft with mistakes waits for them to be mended', async () => {
  await mount('mountRehearsal', { type: { faults: [{}] }, focus: 'title' })
  await page.getByText('The draft has a mistake.').waitFor()
  await page.evaluate(() => mounted.update({ name: 'x', version: 1, schema: { type: 'object' }, fields: null }))
  await page.getByText('No fields yet').waitFor()
  await page.evaluate((type) => mounted.update(type), type)
  await button(/^Both edit/).waitFor()
  await page.evaluate(() => mounted.choose(['title']))
  await button('Both edit “Title” offline').waitFor()
})

test('a rehearsal of the whole form, and of a number that the server gives', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await mount('mountRehearsal', { type, focus: '' })
  await network('Anna').click()
  await phone('Anna').getByRole('textbox', { name: /^Title/ }).fill('Boiler')
  await phone('Anna').getByRole('textbox', { name: /^Title/ }).blur()
  await phone('Ben').getByRole('radio', { name: 'Done' }).check({ force: true })
  await network('Anna').click()
  await page.getByText('Ben changed something else meanwhile: both stay.').first().waitFor()
  await page.getByText('Together they break a rule: Signed by is required.').waitFor()
  await look(page, 'studio-rehearsal-whole')
  await page.getByLabel('Rehearse').selectOption('number')
  await phone('Ben').getByText('No record yet').waitFor()
  await button('Make a record offline').click()
  await button('Next step').click()
  await phone('Ben').getByText('IN-0001').waitFor()
})

test('the policy was kept, nothing failed, and a phone does not carry it', async () => {
  assert.deepEqual(complained.flat(), [])
  const dist = (name) => readFile(new URL('../client/app/dist/' + name, import.meta.url))
  assert.ok(!(await dist('sw.js')).includes('studio'), 'the service worker keeps what stands on admin pages')
  const size = gzipSync(await dist('studio.js'), { level: 9 }).length
  assert.ok(size < 85 * 1024, `studio.js is ${size} bytes, compressed`)
})
