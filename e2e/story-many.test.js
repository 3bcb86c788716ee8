// Ten thousand records on a phone, and one person in two tabs.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch } from './browser.js'
import { ownerOf } from './owner.js'
import { held, Phone, sameScreen } from './phone.js'
import { startServer } from './server.js'

const workOrder = JSON.parse(await readFile(new URL('../cmd/fieldstack/sample/work-order.json', import.meta.url), 'utf8'))
const many = 10_000
const jobs = ['Replace gasket', 'Compressor trips', 'Oil leak', 'Repaint handrail', 'Hose chafed']
const title = (i) => `${jobs[i % 5]} at pump ${String(i).padStart(5, '0')}`

let server, owner, browser, anna, ids

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('work-order', workOrder)
  await owner.account('anna')
  ids = await owner.add('work-order', Array.from({ length: many }, (_, i) => ({
    title: title(i), status: ['open', 'in_progress', 'waiting', 'done'][i % 4], priority: ['low', 'normal', 'high'][i % 3],
    site: ['Well pad 7', 'Tank farm', 'Camp', 'Jetty'][i % 4], assignee: i % 100 ? 'ben' : 'anna', notes: `At V${i % 50}. Keys at the gate.`, hours: 0
  })))
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Answers to syncs after the first few wait until they are let through. */
async function holdBack (page, first) {
  let through
  let n = 0
  const open = new Promise((resolve) => { through = resolve })
  await page.route('**/api/_sync', async (route) => {
    if (++n > first) await open
    await route.continue().catch(() => {})
  })
  return through
}

test('the first sync of ten thousand records tells how far it is, and work begins before it ends', async (t) => {
  anna = await Phone.fresh(browser, server.url, 'anna')
  const through = await holdBack(anna.page, 1)
  await anna.enter()
  await anna.text('Receiving your records').waitFor()
  await anna.page.getByRole('progressbar', { name: 'Receiving your records' }).waitFor()
  await anna.sign(/^Synchronisation: \d+ %$/)
  await anna.show('40-receiving')
  await anna.page.getByRole('link', { name: /Work order/ }).click()
  const first = anna.page.getByRole('listitem').getByRole('link').first()
  const name = await first.innerText()
  await first.click()
  await anna.heading(name)
  await anna.addTo('Hours', '1.5')
  await anna.write(' Begun early.', 'end')
  await anna.text('Waiting to be sent').first().waitFor()
  const began = Date.now()
  through()
  await anna.synced()
  t.diagnostic(`the rest of ${many} records came in ${Date.now() - began} ms`)
  const id = anna.page.url().split('/').at(-1)
  const { value } = await held(owner, 'work-order', id, ({ hours }) => hours === 1.5)
  assert.match(value.notes, /Keys at the gate\. Begun early\.$/)
  assert.match(await anna.field('Notes').inputValue(), /Begun early\.$/)
})

test('ten thousand records are searched, filtered and scrolled without waiting', async (t) => {
  const { page } = anna
  const count = (text) => page.getByRole('status').getByText(text, { exact: true }).waitFor()
  const timed = async (what, act) => {
    const began = Date.now()
    await act()
    const ms = Date.now() - began
    t.diagnostic(`${what}: ${ms} ms`)
    assert.ok(ms < 5000, `${what} took ${ms} ms`)
  }
  await timed('open the list', async () => {
    await page.goto(server.url + '/app/#/work-order')
    await count('10,000 records')
  })
  await timed('search for a number', async () => {
    await page.getByRole('searchbox').fill('07777')
    await page.getByRole('link', { name: title(7777), exact: true }).waitFor()
    await count('1 record')
  })
  await timed('search for words', async () => {
    await page.getByRole('searchbox').fill('oil v32')
    await count('200 records')
  })
  await page.getByRole('searchbox').fill('')
  await count('10,000 records')
  await anna.press('Filter and sort')
  await timed('a filter', async () => {
    await anna.press('Waiting', page.getByRole('dialog'))
    await anna.button('Show 2,500 records').waitFor()
  })
  await anna.press('Show 2,500 records')
  await count('2,500 records')
  await timed('to the end of the list', async () => {
    const all = page.getByRole('list').filter({ has: page.getByRole('listitem').getByRole('link') })
    await all.first().waitFor()
    await page.mouse.move(180, 500)
    for (let seen = -1; ;) {
      const at = await page.evaluate(() => scrollY)
      if (at === seen) break
      seen = at
      for (let i = 0; i < 10; i++) await page.mouse.wheel(0, 20_000)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    }
  })
  const rows = await page.getByRole('listitem').count()
  assert.ok(rows < 300, `${rows} rows are drawn at once`)
})

test('two tabs of one person are one device', async () => {
  const id = ids[5]
  const other = anna.tab()
  await anna.open(title(5), title(5))
  await other.start('#/work-order/' + id)
  await other.heading(title(5))
  await other.synced()
  await anna.choose('Status', 'Done')
  await other.group('Status').getByRole('radio', { checked: true }).and(other.group('Status').getByLabel('Done')).waitFor({ state: 'attached' })
  await anna.offline()
  for (const tab of [anna, other]) await tab.sign(/^Synchronisation: Offline/) // the choice may not have been sent
  await anna.write(' One tab.', 'end')
  await other.write(' Other tab.', 'end')
  await anna.addTo('Hours', '1')
  await other.addTo('Hours', '2')
  await sameScreen(anna, other)
  for (const tab of [anna, other]) await tab.sign(/^Synchronisation: Offline · \d$/)
  // The tab that talks to the server goes; the other takes that over.
  await anna.page.close()
  await anna.online()
  await other.synced()
  const { value } = await held(owner, 'work-order', id, ({ hours }) => hours === 3)
  assert.equal(value.status, 'done')
  assert.match(value.notes, /One tab\./)
  assert.match(value.notes, /Other tab\./)
  anna = other
})

test('nothing complained', () => anna.complained())
