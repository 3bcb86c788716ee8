// The types that npm publishes: that they are made, and that a program in TypeScript compiles
// against them, strictly, and is told its mistakes.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'fieldstack-types-'))
after(() => rmSync(folder, { recursive: true }))

/** @param {...string} args */
function tsc (...args) {
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), ...args], { cwd: root, encoding: 'utf8' })
  return { status, stdout }
}

before(() => {
  const made = tsc('--project', 'tsconfig.types.json', '--outDir', path.join(folder, 'types'))
  assert.equal(made.status, 0, made.stdout)
})

/** @param {string} text */
function compile (text) {
  writeFileSync(path.join(folder, 'program.ts'), text)
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom', 'dom.iterable'], types: [], paths: { fieldstack: ['./types/index.d.ts'], '*': [path.join(root, 'node_modules/*')] } },
    files: ['program.ts']
  }))
  return tsc('--project', folder)
}

test('a program in TypeScript compiles', () => {
  const { status, stdout } = compile(`
    import { open, newId, FieldstackError, type Collection, type Database, type Document, type FindOptions, type Live, type Status, type Type, type Problem } from 'fieldstack'

    export async function work (): Promise<string> {
      const db: Database = await open({ url: 'https://work.example.org', subscribe: [{ type: 'work-order' }] })
      await db.signIn({ identity: 'anna', password: 'x' })
      const off: () => void = db.onStatus((status: Status) => { const n: number = status.pending; void n; const d: Date | null = status.lastSync; void d })
      off()
      const orders: Collection = db.collection('work-order')
      const options: FindOptions = { sort: ['-due', 'title'], limit: 20, search: 'oil' }
      const found: Document[] = await orders.find({ field: 'status', is: 'open' }, options)
      const made = await orders.insert({ title: 'Pump', tags: ['a'], parts: [{ part: 'seal' }], note: undefined }, { id: newId() })
      await orders.update(made.id, edit => { edit.splice(['notes'], 0, 0, 'x'); edit.add(['hours'], 1) })
      await orders.update(made.id, { title: null }, { from: { title: 'Pump' } })
      const live: Live<Document[]> = orders.live()
      live.subscribe(() => { for (const d of live.value ?? []) console.log(d.value.title, d.pending) })
      const text = await orders.text(made.id, 'notes')
      text.splice(0, 1, 'y')
      const problems: Problem[] = orders.validate({ title: 1 })
      const types: Type[] = db.types
      const one: Document | undefined = await orders.get('x')
      const entries = await orders.history('x')
      console.log(found.length, problems[0]?.message, types[0]?.title, one?.rows('parts')[0].id, entries.begins, entries[0])
      try { await db.sync() } catch (error) { if (error instanceof FieldstackError) return error.code }
      await db.signOut({ force: true })
      return db.exportPending()
    }
  `)
  assert.equal(status, 0, stdout)
})

test('mistakes are found', () => {
  for (const line of ['await db.collection(1)', 'db.status.pending = "x"', 'await db.collection("a").find({}, { limit: "1" })']) {
    const { status } = compile(`
      import { open } from 'fieldstack'
      export async function work () { const db = await open(); ${line} }
    `)
    assert.notEqual(status, 0, line)
  }
})
