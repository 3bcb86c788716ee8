// Anna and Ben in the field app: both work on the same records with no network, one of
// them with a clock three years ahead, and come back in either order. It ends with both
// screens equal, and with everybody's work there. Pictures are left in test-results.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch } from './browser.js'
import { ownerOf } from './owner.js'
import { held, Phone, sameScreen } from './phone.js'
import { startServer } from './server.js'

const workOrder = JSON.parse(await readFile(new URL('../cmd/fieldstack/sample/work-order.json', import.meta.url), 'utf8'))
const threeYears = 3 * 365 * 24 * 3600 * 1000

let server, owner, browser, anna, ben, cleo

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  for (const name of ['anna', 'ben', 'cleo']) await owner.account(name)
  await owner.add('work-order', Array.from({ length: 41 }, (_, i) => ({ title: `Inspect relief valve ${i + 1}`, status: 'open', priority: 'normal', site: 'Well pad 7' })))
  browser = await launch()
  ;[anna, ben, cleo] = await Promise.all(['anna', 'ben', 'cleo'].map((name) => Phone.of(browser, server.url, name)))
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Two new records that everybody has: a pump, and a handrail. */
async function records (pump, rail) {
  const ids = await owner.add('work-order', [
    {
      title: pump, status: 'open', priority: 'high', site: 'Tank farm', tags: ['mechanical'], hours: 0,
      notes: 'Leaks at the flange.\nKeys at the gate.', parts: [{ part: 'Gasket set', quantity: 1 }, { part: 'Bearing 6204', quantity: 2 }, { part: 'Seal kit', quantity: 1 }]
    },
    { title: rail, status: 'open', priority: 'low', site: 'Jetty', meter: 12000 }
  ])
  for (const phone of [anna, ben]) await phone.open(pump, pump)
  return ids
}

/** What Anna does with no network; each step is one that a person sees done. */
async function annaWorks (pump, rail) {
  await anna.choose('Status', 'In progress')
  await anna.addTo('Hours', '1.5')
  await anna.text('Waiting to be sent').first().waitFor()
  await anna.addTag('urgent')
  await anna.write(' Isolated by Anna.', 'first line')
  await anna.press('Move Seal kit up')
  await anna.page.getByText('Now row 2 of 3').waitFor()
  await anna.press('Me', anna.page)
  assert.equal(await anna.field('Assigned to').inputValue(), 'anna')
  assert.deepEqual(await anna.parts(), ['Gasket set', 'Seal kit', 'Bearing 6204'])
  await anna.open(rail, rail)
  await anna.fill('Title', rail + ', second coat')
  await anna.fill('Meter reading', '15000')
  await anna.heading(rail + ', second coat')
}

/** What Ben does with no network, once his clock has jumped. */
async function benWorks (pump, rail) {
  await ben.page.evaluate(setAhead, threeYears)
  await ben.write('\nNeed part.', 'end')
  await ben.addTo('Hours', '2')
  await ben.press('Remove parts-ordered')
  await ben.addPart('O-ring 40 mm', '4')
  await ben.fill('Assigned to', 'ben')
  await ben.field('Title').fill('R')
  await ben.field('Title').blur()
  await ben.text(/needs at least 3 characters; it has 1/).first().waitFor()
  await ben.fill('Title', pump)
  await ben.text(/needs at least 3 characters/).first().waitFor({ state: 'detached' })
}

/** In the page: its clock is wrong from now on. */
function setAhead (ms) {
  const True = Date
  globalThis.Date = class extends True {
    constructor (...args) { super(...(args.length ? args : [True.now() + ms])) }
    static now () { return True.now() + ms }
  }
}

/** The next answer to a sync of this phone is lost on the way, after the server acted on it. */
async function loseAnswer (phone) {
  let lost
  const done = new Promise((resolve) => { lost = resolve })
  await phone.page.route('**/api/_sync', async (route) => {
    await route.fetch()
    await route.abort('connectionreset')
    lost()
  }, { times: 1 })
  return done
}

async function play (turn, pump, rail, made) {
  const [id, railId] = await records(pump, rail)
  await cleo.open(pump, pump)
  await anna.offline()
  await anna.sign('Offline')
  await owner.call('PATCH', 'work-order/' + id, { value: { tags: ['mechanical', 'parts-ordered'] } })
  await ben.button('Remove parts-ordered').waitFor()
  assert.equal(await anna.button('Remove parts-ordered').count(), 0)
  await ben.offline()
  await ben.sign('Offline')
  await ben.choose('Status', 'Waiting')
  await ben.text('Waiting to be sent').first().waitFor()

  await annaWorks(pump, rail)
  await benWorks(pump, rail)
  const first = turn === 'anna' ? anna : ben
  if (turn === 'ben') {
    await anna.open(pump, pump)
    await anna.show('01-anna-offline')
    await ben.show('02-ben-offline')
  }
  await ben.open(rail, rail)
  await ben.press('Move to the trash')
  await ben.text(/This record is in the trash/).waitFor()
  await anna.page.goto(server.url + '/app/#/work-order/new')
  await anna.fill('Title', made)
  await anna.choose('Priority', 'Urgent')
  await anna.press('Save')
  await anna.heading(made)
  if (turn === 'ben') {
    await anna.press(/^Synchronisation: Offline · \d+$/)
    await anna.page.getByRole('dialog').getByRole('link', { name: made }).waitFor()
    await anna.show('03-anna-waiting')
    await anna.press('Close', anna.page.getByRole('dialog'))
  }

  for (const phone of first === anna ? [anna, ben] : [ben, anna]) {
    const lost = phone === first ? loseAnswer(phone) : undefined
    await phone.online()
    await lost
    await phone.synced()
  }
  return [id, railId]
}

for (const turn of ['ben', 'anna']) {
  test(`both work offline on the same records, and ${turn} comes back first`, async () => {
    const [pump, rail, made] = turn === 'ben'
      ? ['Replace gasket on feed pump', 'Repaint handrail', 'Guard is missing at the belt']
      : ['Oil leak at gearbox', 'Rusty ladder', 'Lamp flickers in the hall']
    const [id, railId] = await play(turn, pump, rail, made)

    for (const phone of [anna, ben]) await phone.open(pump, pump)
    const screen = await sameScreen(anna, ben)
    assert.equal(await sameScreen(anna, cleo), screen, 'Cleo, who only looked on, sees it too')
    const { value } = await held(owner, 'work-order', id)
    assert.equal(value.hours, 3.5)
    assert.equal(value.status, 'in_progress', 'the newer one')
    assert.equal(value.assignee, 'ben', 'the newer one')
    assert.equal(value.notes, 'Leaks at the flange. Isolated by Anna.\nKeys at the gate.\nNeed part.')
    assert.deepEqual([...value.tags].sort(), ['mechanical', 'urgent'])
    assert.deepEqual(value.parts.map(({ part }) => part), ['Gasket set', 'Seal kit', 'Bearing 6204', 'O-ring 40 mm'])
    await shows(anna, value)
    if (turn === 'ben') {
      await anna.show('04-anna-merged')
      await ben.show('05-ben-merged')
    }

    await anna.history()
    const told = await anna.page.locator('.timeline').innerText()
    for (const part of ['Waiting', 'In progress', 'anna', 'ben']) assert.match(told, new RegExp(part), 'the history tells it')
    // The value that lost is told where it came too late, with a way to have it back.
    await anna.button(turn === 'ben' ? 'Bring back anna' : 'Bring back Waiting').waitFor()
    if (turn === 'ben') await anna.show('06-history')

    for (const phone of [anna, ben]) await phone.open(rail, rail + ', second coat')
    await sameScreen(anna, ben)
    assert.equal(await ben.field('Meter reading').inputValue(), '15000', 'edited in one place, deleted in the other: it stays')
    const kept = await held(owner, 'work-order', railId)
    assert.deepEqual([kept.deleted ?? false, kept.value.meter], [false, 15000])
    await ben.open(made, made)
    await anna.open(made, made)
    await sameScreen(anna, ben)
  })
}

/** The screen says what the server holds. */
async function shows (phone, value) {
  for (const label of ['Title', 'Notes', 'Assigned to', 'Site']) {
    assert.equal(await phone.field(label).inputValue(), value[{ 'Assigned to': 'assignee' }[label] ?? label.toLowerCase()], label)
  }
  assert.equal(await phone.group('Hours').getByRole('status').first().innerText(), String(value.hours))
  assert.equal(await phone.group('Status').getByRole('radio', { checked: true }).evaluate((e) => e.closest('label').innerText.trim()), 'In progress')
  assert.deepEqual(await phone.parts(), value.parts.map(({ part }) => part))
}

test('nothing complained', () => { for (const phone of [anna, ben, cleo]) phone.complained() })
