// The store in a real browser: what it costs, that a page may die at any moment, and that
// tabs stay level. FIELDSTACK_KILLS says how often a page is killed.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { measureStore, table } from '../bench/client/store.mjs'
import { launchPersistent } from './browser.js'
import { servePage } from './bundle.js'

const kills = Number(process.env.FIELDSTACK_KILLS ?? 200)

let profile, server, context

before(async () => {
  profile = await mkdtemp(path.join(tmpdir(), 'fieldstack-store-'))
  server = await servePage({ 'store.js': 'src/store/store.js' })
  context = await launchPersistent(profile)
})

after(async () => {
  await context?.close()
  server?.close()
  await rm(profile, { recursive: true, force: true })
})

/** A page that may import the store. */
async function newPage () {
  const page = await context.newPage()
  await page.goto(server.url)
  return page
}

test('100,000 documents', async t => {
  const results = await measureStore(context, server.url, 100_000)
  for (const line of table(results, 100_000).split('\n')) t.diagnostic(line)
})

test('a page that is killed in the middle of writing keeps what was acknowledged, and nothing by half', async t => {
  const how = { close: 0, crash: 0, process: 0 }
  let written = 0
  let unacknowledged = 0
  let survivor = await newPage()
  await survivor.evaluate(watch)
  for (let run = 0; run < kills; run++) {
    const victim = await newPage()
    const acknowledged = acknowledgements(victim)
    victim.evaluate(write, run).catch(() => {}) // it never ends by itself
    await acknowledged.reached(written + 1 + run % 7)
    await new Promise(resolve => setTimeout(resolve, Math.random() * 12))
    const way = run % 30 === 29 ? 'process' : run % 4 === 3 ? 'crash' : 'close'
    how[way]++
    if (way === 'close') await victim.close()
    if (way === 'crash') await crash(victim)
    if (way === 'process') {
      await killBrowser()
      survivor = await newPage()
      await survivor.evaluate(watch)
    }
    const { last, faults, seen } = await survivor.evaluate(inspect)
    assert.deepEqual(faults, [], `after kill ${run} (${way})`)
    assert.ok(last >= acknowledged.last, `${acknowledged.last} was acknowledged, the store holds ${last}`)
    assert.equal(seen, last, 'the tab that lived on shows what the store holds')
    unacknowledged += last - acknowledged.last
    written = last
  }
  t.diagnostic(`${kills} kills (${JSON.stringify(how)}), ${written} writes, ${unacknowledged} of them kept before the page could say so`)
})

/** Hears from a page which of its writes were acknowledged. */
function acknowledgements (page) {
  const heard = { last: 0, reached: n => new Promise(resolve => { heard.wanted = { n, resolve } }) }
  page.on('console', message => {
    const n = Number(message.text())
    if (n > heard.last) heard.last = n
    if (heard.wanted && n >= heard.wanted.n) heard.wanted.resolve()
  })
  return heard
}

/** Ends the page's process. */
async function crash (page) {
  const session = await context.newCDPSession(page)
  const crashed = new Promise(resolve => page.once('crash', resolve))
  session.send('Page.crash').catch(() => {})
  await crashed
  await page.close()
}

/** Ends all of the browser at once, with SIGKILL, and starts it again. */
async function killBrowser () {
  const session = await context.browser().newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const closed = new Promise(resolve => context.once('close', resolve))
  process.kill(processInfo.find(p => p.type === 'browser').id, 'SIGKILL')
  await closed
  context = await launchPersistent(profile)
}

/** In the page: write n puts n wherever it goes, in one transaction, over and over. */
async function write (run) {
  const { Store } = await import('/store.js')
  const store = await Store.open('kill')
  for (;;) {
    const n = await store.write(async tx => {
      const n = (await tx.state('last') ?? 0) + 1
      const rec = (id, text = '') => ({ id, value: JSON.stringify({ n, text }), meta: new Uint8Array(8).fill(n % 256), deleted: false, touched: n })
      await tx.addPending({ n, type: 'order', doc: 'none', change: {} })
      await tx.bulkPut('order', [{ ...rec('one'), id: 'one' }])
      await tx.bulkPut('order', Array.from({ length: 150 }, (_, i) => rec(`many-${(n * 7 + i) % 700}`, 'x'.repeat(n * i % 900))))
      if (n % 3 === 0) await tx.deleteDocuments('order', Array.from({ length: 20 }, (_, i) => `many-${(n * 7 + i) % 700}`))
      for (const { n: old } of await tx.pendingOf()) if (old <= n - 20) await tx.deletePending(old)
      await tx.setState('last', n)
      return n
    }, { strict: run % 2 === 0 })
    console.log(n)
  }
}

/** In the page: follows what others write. */
async function watch () {
  const { Store } = await import('/store.js')
  globalThis.store = await Store.open('kill')
  globalThis.shown = await globalThis.store.table('order')
}

/** In the page: whether the store holds all of some first writes, and nothing of the next. */
async function inspect () {
  const { store, shown } = globalThis
  await store.level()
  return store.read(async tx => {
    const last = await tx.state('last') ?? 0
    const faults = []
    const want = new Map([['one', last]])
    for (let n = Math.max(1, last - 300); n <= last; n++) {
      for (let i = 0; i < 150; i++) want.set(`many-${(n * 7 + i) % 700}`, n)
      if (n % 3 === 0) for (let i = 0; i < 20; i++) want.set(`many-${(n * 7 + i) % 700}`, 0)
    }
    const found = new Map()
    await tx.eachDocument('order', rec => {
      const { n } = JSON.parse(rec.value)
      found.set(rec.id, n)
      if (rec.touched !== n || rec.meta[0] !== n % 256) faults.push(`${rec.id} is half of ${n}`)
      if (shown.get(rec.id)?.value.n !== n) faults.push(`the other tab shows ${shown.get(rec.id)?.value.n} of ${rec.id}, not ${n}`)
    })
    if (shown.size !== found.size) faults.push(`the other tab shows ${shown.size} documents of ${found.size}`)
    for (const [id, n] of want) if (last > 0 && (found.get(id) ?? 0) !== n) faults.push(`${id} is of ${found.get(id)}, not of ${n}`)
    const pending = (await tx.pendingOf()).map(p => p.n)
    for (let i = 0; i < Math.min(20, last); i++) if (pending[pending.length - 1 - i] !== last - i) faults.push(`pending are ${pending}, the last is ${last}`)
    return { last, faults: faults.slice(0, 5), seen: shown.get('one')?.value.n ?? 0 }
  })
}

test('an edit in one tab shows in the other, and the next tab leads when the first is closed', async () => {
  const [one, two] = [await newPage(), await newPage()]
  for (const page of [one, two]) {
    await page.evaluate(async () => {
      const { Store } = await import('/store.js')
      const store = globalThis.store = await Store.open('tabs')
      globalThis.led = new Promise(resolve => store.lead(() => resolve(true)))
      globalThis.leads = false
      globalThis.led.then(() => { globalThis.leads = true })
      const live = globalThis.live = store.live('order', { field: 'status', is: 'open' }, { sort: 'title' })
      await new Promise(resolve => live.subscribe(resolve))
      globalThis.put = (id, value) => store.write(tx => tx.bulkPut('order', [{ id, value: JSON.stringify(value), meta: null, deleted: false }]), { strict: true })
    })
  }
  await one.evaluate(() => globalThis.led)
  // A function, not its text: the page forbids eval, and whoever has to look twice needs it for a text.
  const shows = wanted => globalThis.live.value.map(row => row.value.title).join() === wanted
  await one.evaluate(() => globalThis.put('a', { status: 'open', title: 'pump' }))
  await two.waitForFunction(shows, 'pump')
  await two.evaluate(() => globalThis.put('b', { status: 'open', title: 'belt' }))
  await one.waitForFunction(shows, 'belt,pump')
  await one.evaluate(() => globalThis.put('a', { status: 'done', title: 'pump' }))
  await two.waitForFunction(shows, 'belt')
  assert.equal(await two.evaluate(() => globalThis.leads), false)
  await one.close()
  assert.equal(await two.evaluate(() => globalThis.led), true)
  await two.close()
})

test('a store that the browser removed is missed', async () => {
  const page = await newPage()
  const opened = () => page.evaluate(async () => {
    const { Store } = await import('/store.js')
    const store = await Store.open('lost')
    const { lost } = store
    await store.write(tx => tx.setState('me', 1))
    store.close()
    return lost
  })
  assert.equal(await opened(), false)
  assert.equal(await opened(), false)
  await page.evaluate(() => new Promise(resolve => { indexedDB.deleteDatabase('fieldstack:lost').onsuccess = resolve }))
  assert.equal(await opened(), true)
  assert.equal(await opened(), false)
  await page.close()
})

test('a full disk refuses the write as a whole, and reading goes on', async () => {
  // An origin of its own: of one that it knows the browser remembers for a while how much room it has.
  const site = await servePage({ 'store.js': 'src/store/store.js' })
  const page = await context.newPage()
  await page.goto(site.url)
  const session = await context.newCDPSession(page)
  const quota = quotaSize => session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize })
  const put = n => page.evaluate(async n => {
    const { Store } = await import('/store.js')
    globalThis.store ??= await Store.open('full')
    try {
      await globalThis.store.write(async tx => {
        await tx.setState('n', n)
        const noise = () => Array.from(crypto.getRandomValues(new Uint32Array(1000)), x => x.toString(36)).join('') // does not compress away
        await tx.bulkPut('order', Array.from({ length: 600 }, (_, i) => ({ id: `${n} ${i}`, value: JSON.stringify({ n, x: noise() }), meta: null, deleted: false })))
      })
      return ''
    } catch (error) {
      return error.code
    }
  }, n)
  const { usage } = await page.evaluate(() => navigator.storage.estimate())
  await quota(usage + 20e6)
  assert.equal(await put(1), '')
  let n = 1
  for (let said = ''; said === '' && n < 60;) said = await put(++n)
  assert.equal(await put(n), 'full')
  assert.deepEqual(await page.evaluate(() => globalThis.store.read(async tx => {
    const n = new Set()
    await tx.eachDocument('order', rec => n.add(JSON.parse(rec.value).n))
    return [await tx.state('n'), [...n]]
  }).then(([state, found]) => [state, found.sort((a, b) => a - b)])), [n - 1, Array.from({ length: n - 1 }, (_, i) => i + 1)])
  await quota(undefined)
  for (let again = 0; await put(n) !== '' && again < 60;) again++ // the browser asks itself only now and then
  assert.equal(await put(n + 1), '')
  await page.close()
  site.close()
})
