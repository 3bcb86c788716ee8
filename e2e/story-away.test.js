// Away from the network for long: the app is closed and opened again without one, and
// meanwhile the owner publishes a new version of the type and changes the rules.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { launch, launchPersistent } from './browser.js'
import { ownerOf } from './owner.js'
import { held, Phone, sameScreen } from './phone.js'
import { startServer } from './server.js'

const workOrder = JSON.parse(await readFile(new URL('../cmd/fieldstack/sample/work-order.json', import.meta.url), 'utf8'))
const withPermit = {
  ...workOrder,
  required: [...workOrder.required, 'permit'],
  'x-order': [...workOrder['x-order'], 'permit'],
  properties: {
    ...workOrder.properties,
    title: { ...workOrder.properties.title, minLength: 8 },
    permit: { title: 'Permit number', type: 'string', minLength: 1, maxLength: 40 }
  }
}

let server, owner, browser, profile, anna, ben

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  for (const name of ['anna', 'ben']) await owner.account(name)
  browser = await launch()
  profile = await mkdtemp(path.join(tmpdir(), 'fieldstack-phone-'))
  ;[anna, ben] = await Promise.all([
    launchPersistent(profile, [], Phone.settings).then(async (context) => {
      const phone = new Phone(context, server.url, 'anna')
      await phone.start()
      await phone.signIn()
      return phone
    }),
    Phone.of(browser, server.url, 'ben')
  ])
})

after(async () => {
  await anna?.context.close()
  await browser?.close()
  await server?.stop()
  await rm(profile, { recursive: true, force: true })
})

/** A record that both have open. */
async function record (title, more = {}) {
  const [id] = await owner.add('work-order', [{ title, status: 'open', priority: 'normal', site: 'Camp', notes: 'Keys at the gate.', hours: 1, parts: [{ part: 'Fuse 10 A' }], ...more }])
  for (const phone of [anna, ben]) await phone.open(title, title)
  return id
}

async function bothOffline () {
  for (const phone of [anna, ben]) {
    await phone.offline()
    await phone.sign('Offline')
  }
}

async function bothBack () {
  for (const phone of [anna, ben]) await phone.online()
  for (const phone of [anna, ben]) await phone.synced()
}

test('a browser and a tab that are closed in the middle, and opened again with no network, go on', async () => {
  const id = await record('Panel heater is cold')
  await bothOffline()
  await anna.choose('Status', 'Waiting')
  await anna.addPart('Thermostat', '1')
  await anna.sign(/^Synchronisation: Offline · \d$/)
  await ben.field('Notes').focus()
  await ben.page.keyboard.press('Control+End')
  await ben.page.keyboard.type(' Not left yet.')
  await ben.text('Waiting to be sent').first().waitFor()

  await anna.context.close()
  await ben.page.close({ runBeforeUnload: false })
  anna.context = await launchPersistent(profile, [], Phone.settings)
  await anna.offline()
  await anna.start('#/work-order')
  await ben.start('#/work-order/' + id)

  await anna.page.getByRole('link', { name: 'Panel heater is cold' }).waitFor()
  await anna.show('10-cold-start')
  await anna.page.getByRole('link', { name: 'Panel heater is cold' }).click()
  assert.deepEqual(await anna.parts().then(async () => { await anna.group('Parts').getByRole('heading', { name: 'Thermostat' }).waitFor(); return anna.parts() }), ['Fuse 10 A', 'Thermostat'])
  await anna.addTo('Hours', '0.5')
  await ben.heading('Panel heater is cold')
  assert.equal(await ben.field('Notes').inputValue(), 'Keys at the gate. Not left yet.')
  await ben.write('\nBack again.', 'end')
  await ben.addTo('Hours', '2')
  await bothBack()

  await sameScreen(anna, ben)
  const { value } = await held(owner, 'work-order', id, ({ hours }) => hours === 3.5)
  assert.deepEqual(value, {
    number: value.number, title: 'Panel heater is cold', status: 'waiting', priority: 'normal', site: 'Camp', notes: 'Keys at the gate. Not left yet.\nBack again.',
    hours: 3.5, parts: [{ part: 'Fuse 10 A' }, { part: 'Thermostat', quantity: 1 }]
  })
})

test('a change that the rules no longer allow is taken back in view, and told with its reason and its text', async () => {
  const id = await record('Conveyor belt runs off')
  await bothOffline()
  await ben.fill('Site', 'North station')
  await ben.choose('Status', 'Waiting')
  await ben.write(' Ben looked at it.', 'end')
  await ben.page.goto(server.url + '/app/#/work-order/new')
  await ben.fill('Title', 'Roller is bent')
  await ben.fill('Site', 'Jetty')
  await ben.field('Notes').fill('Third from the left.')
  await ben.press('Save')
  await ben.heading('Roller is bent')
  await owner.call('PUT', '_types/work-order/rules', { roles: { worker: { readOnly: ['site'], create: { field: 'priority', is: 'low' } } } })
  await ben.online()
  await ben.sign(/^Synchronisation: \d refused$/)
  await ben.open('Conveyor', 'Conveyor belt runs off')
  await ben.text('A change could not be sent').first().waitFor()
  await ben.text('You may not change “Site”.').waitFor()
  assert.match(await ben.group('Site').innerText(), /Camp/)
  const { value } = await held(owner, 'work-order', id, ({ notes }) => notes.includes('Ben'))
  assert.deepEqual([value.status, value.site, value.notes], ['waiting', 'Camp', 'Keys at the gate. Ben looked at it.'], 'what the rules allow went through')
  await ben.show('20-refused-record')

  await ben.press(/^Synchronisation: \d refused$/)
  const sheet = ben.page.getByRole('dialog', { name: 'Synchronisation' })
  const item = (text) => sheet.getByRole('article').filter({ hasText: text })
  await item('North station').waitFor()
  await item('Third from the left.').waitFor()
  await ben.show('21-refused')
  await ben.press('Edit again', item('Third from the left.'))
  await ben.heading('New: Work order')
  assert.equal(await ben.field('Title').inputValue(), 'Roller is bent')
  assert.equal(await ben.field('Notes').inputValue(), 'Third from the left.')
  await ben.choose('Priority', 'Low')
  await ben.show('22-begun-again')
  await ben.press('Save')
  await ben.heading('Roller is bent')
  await ben.press(/^Synchronisation: \d refused$/)
  const dismiss = ben.button('Dismiss', sheet)
  await dismiss.first().waitFor()
  for (let left = await dismiss.count(); left > 0; left--) {
    await dismiss.first().click()
    await dismiss.nth(left - 1).waitFor({ state: 'detached' })
  }
  await ben.press('Close', sheet)
  await ben.synced()
  await anna.online()
  await anna.synced()
  await anna.open('Roller', 'Roller is bent')
  assert.equal(await anna.field('Notes').inputValue(), 'Third from the left.')
  await owner.call('PUT', '_types/work-order/rules', { roles: {} })
})

test('a new version of the type, published while both were away, loses no work and tells what it asks for', async () => {
  await record('Vibration on fan')
  const [short] = await owner.add('work-order', [{ title: 'Valve', status: 'open', priority: 'low' }])
  await anna.page.goto(server.url + '/app/#/work-order')
  await anna.page.getByRole('link', { name: 'Valve' }).waitFor()
  await bothOffline()
  await anna.open('Valve', 'Valve')
  await anna.write('Hand wheel is stiff.', 'end')
  await anna.page.goto(server.url + '/app/#/work-order/new')
  await anna.fill('Title', 'Pump 3')
  await anna.press('Save')
  await anna.heading('Pump 3')
  const made = anna.page.url().split('/').at(-1)
  await anna.page.goto(server.url + '/app/#/work-order/new')
  await anna.field('Title').fill('Half begun when it came')
  await ben.choose('Status', 'Done')
  await ben.field('Site').fill('Behind the camp')
  await owner.publish('work-order', withPermit)
  await bothBack()

  // The form that is open takes the new field in, and what was typed stays.
  await ben.field('Permit number').waitFor()
  assert.equal(await ben.field('Site').inputValue(), 'Behind the camp')
  await ben.text('Permit number is required.').first().waitFor()
  await ben.field('Site').blur()
  await ben.show('30-new-version')
  await anna.field('Permit number').waitFor()
  assert.equal(await anna.field('Title').inputValue(), 'Half begun when it came')
  await anna.press('Save')
  await anna.text('Permit number is required.').first().waitFor()
  await anna.fill('Permit number', 'P-1')
  await anna.press('Save')
  await anna.heading('Half begun when it came')

  const attention = await owner.call('GET', 'work-order?state=attention&limit=100')
  assert.ok([made, short].every((id) => attention.documents.some((d) => d.id === id)), 'what was written under the old version was taken, and is listed')
  assert.equal((await held(owner, 'work-order', short)).value.notes, 'Hand wheel is stiff.')
  await anna.page.goto(server.url + '/app/#/work-order')
  const row = anna.page.getByRole('listitem').filter({ hasText: 'Pump 3' })
  await row.getByText('Needs attention').waitFor()
  await anna.show('31-attention-list')
  await row.getByRole('link').click()
  await anna.page.getByRole('link', { name: 'Permit number is required.' }).click()
  await anna.page.keyboard.type('P-77')
  await anna.fill('Title', 'Pump 3 hums')
  await anna.text('This needs attention').waitFor({ state: 'detached' })
  await anna.synced()
  assert.equal((await held(owner, 'work-order', made, ({ permit }) => permit)).value.permit, 'P-77')
  await ben.fill('Permit number', 'P-2')
  await anna.open('Vibration', 'Vibration on fan')
  await sameScreen(anna, ben)
})

test('nothing complained', () => { for (const phone of [anna, ben]) phone.complained() })
