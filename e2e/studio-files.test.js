// Records come in from a file and leave as one, and a file becomes a type, as somebody
// clicks it: every page looked at, with the file's own words trying to be script.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, launch, look } from './browser.js'
import { ownerOf, password } from './owner.js'
import { startServer } from './server.js'

let server, owner, browser, page, wrong

before(async () => {
  server = await startServer()
  owner = await ownerOf(server)
  await owner.publish('pump', {
    title: 'Pump', type: 'object', required: ['tag'],
    properties: { tag: { type: 'string', title: 'Tag', 'x-unique': true }, flow: { type: 'number', title: 'Flow', maximum: 100 }, state: { title: 'State', enum: ['open', 'done'] } }
  })
  await owner.add('pump', [{ tag: 'P-1', flow: 1 }])
  browser = await launch()
  page = await browser.newPage()
  wrong = complaints(page)
  await page.goto(server.url + '/sign-in')
  await page.fill('[name=name]', 'olga')
  await page.fill('[name=password]', password)
  await page.press('[name=password]', 'Enter')
  await page.waitForURL(/\/admin$/)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

const csv = 'Tag;Flow;State;<script>alert(1)</script>\n' +
  'P-1;2.5;Done;"<img src=x onerror=alert(1)>"\nP-2;3;open;\nP-3;many;open;\nP-4;4000;open;\n'

test('a table is imported, and the import taken back', async () => {
  await page.goto(server.url + '/admin/types/pump/records')
  await page.click('a:text-is("Import")')
  await look(page, 'files-import')
  await page.setInputFiles('[name=file]', { name: '<b>pumps</b>.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.focus('[name=file]')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.mapping')
  await look(page, 'files-mapping')
  assert.equal(await page.inputValue('[name=match]'), 'tag')
  await page.click('button:text-is("Check the rows")')
  await page.waitForSelector('#would')
  assert.deepEqual(await page.locator('.tiles strong').allTextContents(), ['1', '1', '0', '2'])
  await look(page, 'files-checked')
  await page.click('button:text-is("Import 2 rows")')
  await page.waitForSelector('#did')
  await look(page, 'files-done')
  const flows = async () => (await owner.call('GET', 'pump?sort=tag')).documents.map(({ value }) => [value.tag, value.flow, value.state])
  assert.deepEqual(await flows(), [['P-1', 2.5, 'done'], ['P-2', 3, 'open']])
  await page.click('text=Recent imports and edits')
  await page.waitForSelector('.jobs')
  await look(page, 'files-recent')
  await page.click('button[aria-label^="Undo: "]')
  await page.waitForSelector('.tiles :text("values put back")')
  await look(page, 'files-undone')
  assert.deepEqual(await flows(), [['P-1', 1, undefined]])
})

test('the list leaves as a file', async () => {
  await page.goto(server.url + '/admin/types/pump/records?search=p-1')
  await page.click('a:text-is("Export")')
  await look(page, 'files-export')
  await page.check('[value=csv]')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Download")')])
  assert.match(download.suggestedFilename(), /^pump-\d{4}-\d\d-\d\d\.csv$/)
  const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString()
  assert.match(text, /^\ufeffTag,Flow,State,_id\r\nP-1,1,,[0-9a-f-]{36}\r\n$/)
})

test('a spreadsheet becomes a type, and its rows records', async () => {
  await page.goto(server.url + '/admin/types/_new/import')
  await look(page, 'files-type')
  await page.setInputFiles('[name=file]', { name: 'valve list.csv', mimeType: 'text/csv', buffer: Buffer.from('Name,Bore,Checked\nV-1,12.5,2026-05-27\nV-2,8.0,2026-05-28\n') })
  await page.click('button:text-is("Make a draft of it")')
  await page.waitForSelector('#notes')
  await look(page, 'files-drafted')
  await owner.call('POST', '_types/valve-list/publish', {})
  await page.reload()
  await page.click('a:text-is("Import the rows")')
  await page.click('button:text-is("Check the rows")')
  await page.click('button:text-is("Import 2 rows")')
  await page.waitForSelector('#did')
  const { documents } = await owner.call('GET', 'valve-list?sort=Name')
  assert.deepEqual(documents.map(({ value }) => value), [{ Name: 'V-1', Bore: 12.5, Checked: '2026-05-27' }, { Name: 'V-2', Bore: 8, Checked: '2026-05-28' }])
  assert.deepEqual(wrong, [])
})
