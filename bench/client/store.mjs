// What the store costs in a real browser, with so many documents of twelve fields: put in
// bulk, opened again, asked, edited, searched.
//
//   node bench/client/store.mjs [documents]
//
// It prints a table, and where BENCH_JSON names a file appends a line to it per figure.

import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { servePage } from '../../e2e/bundle.js'

/** What is measured, in the order it is done. */
const figures = {
  put: ['bulk put, 5,000 a transaction', 'ms'],
  load: ['opened again and read into memory', 'ms'],
  first: ['first query: an indexed field, sorted by another, 50 of them', 'ms'],
  query: ['the same query again, other values, median', 'ms'],
  slowest: ['the same query again, other values, slowest', 'ms'],
  page: ['the next page of it', 'ms'],
  scan: ['count by a field without an index', 'ms'],
  search: ['first search, a word and a half, 50 of them', 'ms'],
  rare: ['next search, a word that one document has', 'ms'],
  edit: ['one edit, durable, until a live query shows it', 'ms'],
  bulk: ['5,000 documents changed while the live query looks', 'ms'],
  heap: ['memory of the page after all that', 'MB']
}

/**
 * Measures in two pages of a context, one after the other, so that the second starts cold.
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} url of a page that serves the store as /store.js
 * @param {number} documents
 * @returns {Promise<Record<keyof typeof figures, number>>}
 */
export async function measureStore (context, url, documents) {
  const results = {}
  for (const part of [fill, ask]) {
    const page = await context.newPage()
    await page.goto(url)
    Object.assign(results, await page.evaluate(part, documents))
    await page.close()
  }
  return results
}

/** Runs in the page. */
async function fill (documents) {
  const { Store } = await import('/store.js')
  const words = 'pump valve north south check filter replace urgent leak motor belt seal gasket drive panel fuse'.split(' ')
  const pick = (list, i) => list[i % list.length]
  const value = i => ({
    number: `WO-${String(i).padStart(6, '0')}`,
    title: `${pick(words, i)} ${pick(words, i * 7)} ${i}`,
    status: pick(['open', 'planned', 'active', 'waiting', 'done'], Math.floor(i / 401)),
    priority: i % 4,
    assignee: `person-${(i * 17) % 400}`,
    site: `site-${(i * 13) % 2000}`,
    due: `2026-${String(1 + i % 12).padStart(2, '0')}-${String(1 + i % 28).padStart(2, '0')}`,
    hours: (i % 100) / 4,
    billable: i % 3 === 0,
    tags: [pick(words, i), pick(words, i + 3)],
    address: { street: `Street ${i % 300}`, city: `City ${i % 50}` },
    notes: `The ${pick(words, i * 3)} near the ${pick(words, i * 5)} makes a noise; look at it before the weekend.`
  })
  const id = i => `0190${(i * 37).toString(16).padStart(8, '0')}-7abc-8def-0123456789ab`
  const recs = Array.from({ length: documents }, (_, i) => ({
    id: id(i), value: JSON.stringify(value(i)), meta: new Uint8Array(48).fill(i % 256), deleted: false,
    round: 1, touched: 1, created: i, createdBy: 'anna', updated: 2 * i, updatedBy: 'ben'
  }))
  const store = await Store.open('bench')
  const began = performance.now()
  await store.write(tx => tx.putType({ name: 'order', fields: ['status', 'assignee', 'due'].map(key => ({ path: [key], index: true })) }))
  for (let i = 0; i < documents; i += 5000) await store.write(tx => tx.bulkPut('order', recs.slice(i, i + 5000)))
  const put = performance.now() - began
  store.close()
  return { put }
}

/** Runs in the page. */
async function ask (documents) {
  const { Store } = await import('/store.js')
  let began = performance.now()
  const took = () => {
    const ms = performance.now() - began
    began = performance.now()
    return ms
  }
  const store = await Store.open('bench')
  const table = await store.table('order')
  const load = took()
  if (table.size !== documents) throw new Error(`${table.size} documents came back of ${documents}`)
  const question = i => table.find(
    { all: [{ field: 'assignee', is: `person-${i}` }, { field: 'status', not: 'done' }] }, { sort: '-due', limit: 50 })
  question(0)
  const first = took()
  const times = []
  for (let i = 1; i <= 100; i++) {
    began = performance.now()
    if (question(i).length < Math.min(1, documents / 1e5)) throw new Error('nothing found')
    times.push(took())
  }
  times.sort((a, b) => a - b)
  const rows = question(7)
  began = performance.now()
  table.find({ field: 'assignee', is: 'person-7' }, { sort: '-due', limit: 50, after: rows.at(-1) })
  const page = took()
  table.count({ field: 'hours', above: 20 })
  const scan = took()
  table.find(undefined, { search: 'gasket moto', sort: '-due', limit: 50 })
  const search = took()
  table.find(undefined, { search: String(documents - 1), sort: '-due', limit: 50 })
  const rare = took()

  const live = store.live('order', { field: 'assignee', is: 'person-3' }, { sort: 'due', limit: 50 })
  const shown = () => new Promise(resolve => { const off = live.subscribe(rows => { off(); resolve(rows) }) })
  await new Promise(resolve => live.subscribe(resolve))
  const edits = []
  for (let i = 0; i < 20; i++) {
    const { rec, value } = live.value[i % live.value.length]
    const next = shown()
    began = performance.now()
    await store.write(tx => tx.bulkPut('order', [{ ...rec, meta: rec.meta, value: JSON.stringify({ ...value, hours: i }) }]), { strict: true })
    await next
    edits.push(took())
  }
  edits.sort((a, b) => a - b)
  const many = [...table.rows()].slice(0, 5000).map(({ rec, value }) => ({ ...rec, meta: rec.meta, value: JSON.stringify({ ...value, hours: 77 }) }))
  began = performance.now()
  await store.write(tx => tx.bulkPut('order', many))
  const bulk = took()
  live.close()
  store.close()
  return { load, first, query: times[50], slowest: times[99], page, scan, search, rare, edit: edits[10], bulk, heap: performance.memory.usedJSHeapSize / 1e6 }
}

/** @param {Record<string, number>} results @param {number} documents */
export function table (results, documents) {
  return Object.entries(figures).map(([key, [what, unit]]) =>
    `${results[key].toFixed(1).padStart(9)} ${unit}  ${what}`).join('\n') + `\n(${documents.toLocaleString('en')} documents of twelve fields)`
}

async function main () {
  const { launchPersistent } = await import('../../e2e/browser.js')
  const documents = Number(process.argv[2] ?? 100_000)
  const profile = await mkdtemp(path.join(tmpdir(), 'fieldstack-bench-'))
  const server = await servePage({ 'store.js': 'src/store/store.js' })
  const context = await launchPersistent(profile)
  try {
    const results = await measureStore(context, server.url, documents)
    console.log(table(results, documents))
    if (process.env.BENCH_JSON) {
      const lines = Object.entries(results).map(([metric, value]) =>
        JSON.stringify({ work: `browser-store-${documents}`, engine: 'fieldstack', metric, value, unit: figures[metric][1] }) + '\n')
      await appendFile(process.env.BENCH_JSON, lines.join(''))
    }
  } finally {
    await context.close()
    server.close()
    await rm(profile, { recursive: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
