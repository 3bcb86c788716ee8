// Measures one engine after the other, each in a Chromium of its own, and prints a line
// of JSON for each figure. Its settings are a JSON object, given as the only argument.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { bundle } from './build.js'
import { serve } from './peers/server.js'

/** @type {{engines: string[], sizes: number[], orders: string, url: string, token: string, chromium: string, patience: number}} */
const settings = JSON.parse(process.argv[2])

const kinds = { signaldb: 'signaldb', 'signaldb-adapter': 'signaldb', rxdb: 'rxdb', pouchdb: 'couch', yjs: 'yjs' }
const say = (engine, metric, value, unit) => console.log(JSON.stringify({ work: 'client', engine, metric, value, unit }))
const tell = (engine, metric, text) => console.log(JSON.stringify({ work: 'client', engine, metric, text }))

const scratch = await mkdtemp(path.join(tmpdir(), 'fieldstack-client-'))
const orders = (await readFile(settings.orders, 'utf8')).trim().split('\n').map((line) => JSON.parse(line))
const peers = await serve({ orders, bundles: pathToFileURL(scratch + '/') })

/** A browser with a disk of its own; page() opens a page of the engine in it. */
async function launch (engine) {
  const profile = await mkdtemp(path.join(scratch, 'profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: settings.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
  return {
    async page () {
      const page = await context.newPage()
      await page.goto(`${peers.url}/page/${engine}`)
      await page.waitForFunction(() => globalThis.engine)
      return page
    },
    async close () {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    }
  }
}

/** What an engine syncs with: options for open, how a record is changed there, and its end. */
function source (engine, n) {
  if (engine === 'fieldstack') {
    const type = `work-order-${n}`
    const at = `${settings.url}/api/${type}/`
    const headers = { Authorization: `Bearer ${settings.token}`, 'Content-Type': 'application/json' }
    return {
      options: { url: settings.url, token: settings.token, type },
      async edit (id, value) {
        const answer = await fetch(at + id, { method: 'PATCH', headers, body: JSON.stringify({ value }) })
        if (!answer.ok) throw new Error(await answer.text())
      },
      end () {}
    }
  }
  const kind = kinds[engine]
  const name = `${engine}-${n}`
  const room = peers.room(kind, name, n)
  return { options: { url: peers.url, room: name }, edit: async (id, value) => room.edit(id, value), end: () => peers.forget(kind, name) }
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]

/** Opens and syncs in a page; how long it took in ms, undefined where patience ended first. */
async function firstSync (page, options, n) {
  const run = page.evaluate(async (options) => {
    const begun = performance.now()
    await globalThis.engine.open(options)
    await globalThis.engine.sync()
    return performance.now() - begun
  }, options)
  let timer
  const late = new Promise((resolve) => { timer = setTimeout(resolve, settings.patience * 1.25) })
  const took = await Promise.race([run, late])
  clearTimeout(timer)
  run.catch(() => {})
  if (took !== undefined) await expectCount(page, n)
  return took
}

async function expectCount (page, n) {
  const count = await page.evaluate(() => globalThis.engine.count())
  if (count !== n) throw new Error(`there are ${count} documents, not ${n}`)
  const { id, title } = orders[n - 1]
  const value = await page.evaluate((id) => globalThis.engine.value(id), id)
  if (!value || typeof value.title !== 'string') throw new Error(`${id} (${title}) is not there`)
}

/** How long one change of somebody else takes until it is here: the middle of five. */
async function delta (page, from, n) {
  const times = []
  for (let i = 0; i < 5; i++) {
    const { id } = orders[Math.floor(n * (i + 0.5) / 5)]
    const title = `changed ${i}`
    await from.edit(id, { title })
    times.push(await page.evaluate(async ({ id, title }) => {
      const begun = performance.now()
      await globalThis.engine.sync()
      const now = (await globalThis.engine.value(id)).title
      if (now !== title) throw new Error(`${id} is still ${now}`)
      return performance.now() - begun
    }, { id, title }))
  }
  return median(times)
}

/** The first query, which may build an index, and the middle of twenty others. */
async function queries (page, n) {
  const sites = Array.from({ length: 21 }, (_, i) => 'Well pad ' + (i + 3))
  const expected = (site) => Math.min(50, orders.slice(0, n).filter((order) => order.site === site).length)
  const { times, found } = await page.evaluate(async (sites) => {
    const times = []
    const found = []
    for (const site of sites) {
      const begun = performance.now()
      const list = await globalThis.engine.query(site)
      times.push(performance.now() - begun)
      found.push({ length: list.length, sites: [...new Set(list.map((value) => value.site))], sorted: list.every((value, i) => i === 0 || list[i - 1].title <= value.title) })
    }
    return { times, found }
  }, sites)
  for (const [i, site] of sites.entries()) {
    const { length, sites: of, sorted } = found[i]
    if (length !== expected(site) || of.join() !== site || !sorted) throw new Error(`${site}: ${length} found of ${of}, sorted ${sorted}`)
  }
  return { first: times[0], query: median(times.slice(1)) }
}

/** Opens what is on the disk, with no network, and asks for the first page. */
async function start (browser, options, n) {
  const page = await browser.page()
  await page.context().setOffline(true)
  const took = await page.evaluate(async (options) => {
    const begun = performance.now()
    await globalThis.engine.open(options)
    await globalThis.engine.query('Well pad 1')
    return performance.now() - begun
  }, options)
  await expectCount(page, n)
  await page.context().setOffline(false)
  return took
}

/** Measures one size; false when it takes too long. */
async function measure (engine, n) {
  const from = source(engine, n)
  let best = Infinity
  try {
    for (let left = n <= 10_000 ? 3 : 2; left > 0; left--) {
      const browser = await launch(engine)
      try {
        const page = await browser.page()
        best = Math.min(best, await firstSync(page, from.options, n) ?? Infinity)
        if (best > settings.patience) break
        if (left === 1) {
          say(engine, `first-sync-${n}`, best, 'ms')
          await measureRest(engine, browser, page, from, n)
        }
      } finally {
        await browser.close()
      }
    }
  } finally {
    from.end()
  }
  if (best <= settings.patience) return true
  tell(engine, `first sync of ${n} documents`, `more than ${settings.patience / 1000} s`)
  return false
}

/** What is measured of an engine that has everything. */
async function measureRest (engine, browser, page, from, n) {
  say(engine, `delta-${n}`, await delta(page, from, n), 'ms')
  const { first, query } = await queries(page, n)
  say(engine, `first-query-${n}`, first, 'ms')
  say(engine, `query-${n}`, query, 'ms')
  await page.evaluate(() => globalThis.engine.close())
  await page.close()
  if (engine !== 'signaldb-adapter') say(engine, `start-${n}`, await start(browser, from.options, n), 'ms')
}

/** Two people change two fields of one record, neither knowing of the other. */
async function conflict (engine) {
  const n = settings.sizes[0]
  const from = source(engine, n)
  const { id } = orders[0]
  await from.edit(id, { status: 'open', assignee: 'nobody' })
  const anna = await launch(engine)
  const ben = await launch(engine)
  try {
    const [a, b] = [await anna.page(), await ben.page()]
    for (const page of [a, b]) await firstSync(page, from.options, n)
    await a.evaluate((id) => globalThis.engine.edit(id, { status: 'waiting' }), id)
    await b.evaluate((id) => globalThis.engine.edit(id, { assignee: 'ben' }), id)
    for (const page of [a, b, a, b]) await page.evaluate(() => globalThis.engine.sync())
    const [x, y] = [await a.evaluate((id) => globalThis.engine.value(id), id), await b.evaluate((id) => globalThis.engine.value(id), id)]
    const kept = (v) => [v.status === 'waiting' && 'Anna’s status', v.assignee === 'ben' && 'Ben’s assignee'].filter(Boolean)
    say(engine, 'edits-kept', Math.min(kept(x).length, kept(y).length), 'of 2')
    tell(engine, 'two people change two fields of one record', outcome(kept(x), kept(y), y))
  } finally {
    await anna.close()
    await ben.close()
    from.end()
  }
}

function outcome (x, y, value) {
  if (x.join() !== y.join()) return `the two differ: Anna sees ${x.join(' and ') || 'neither'}, Ben sees ${y.join(' and ') || 'neither'}`
  if (x.length === 2) return 'both kept'
  const rest = value.conflicts ? ', the other is a conflicting revision that the app has to look for and resolve' : ''
  return `one lost: only ${x[0] ?? 'nothing'} is kept${rest}`
}

try {
  for (const engine of settings.engines) {
    const size = await bundle(engine, scratch)
    say(engine, 'size-min', size.min / 1000, 'kB')
    say(engine, 'size-gzip', size.gzip / 1000, 'kB')
    try {
      for (const n of settings.sizes) if (!await measure(engine, n)) break
    } catch (error) {
      tell(engine, 'failed', String(error.message ?? error).split('\n')[0])
    }
    await conflict(engine)
  }
} finally {
  peers.close()
  await rm(scratch, { recursive: true, force: true })
}
process.exit(0)
