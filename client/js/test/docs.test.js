// The examples in the pages of docs are the files that other tests run.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../', import.meta.url)
const examples = readdirSync(new URL('examples', root), { recursive: true, encoding: 'utf8' }).filter(name => /\.\w+$/.test(name))
const pages = readdirSync(new URL('docs', root))
const said = pages.map(page => readFileSync(new URL('docs/' + page, root), 'utf8')).join('\n')

for (const name of examples) {
  test(`examples/${name} is on a page as it is`, () => {
    assert.ok(said.includes('\n' + readFileSync(new URL('examples/' + name, root), 'utf8') + '```'), 'copy the file into its page in docs')
  })
}

test('there is no code on a page that is no example', () => {
  assert.equal(said.match(/^```\w+$/gm)?.length, examples.length)
})
