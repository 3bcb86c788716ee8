// A choice without a label is called here what the server's pages call it: both read
// schema/testdata/choices.json (TestChoiceWords in Go).

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { choiceWords } from '../src/list/fields.js'

test('choices in words', async () => {
  const cases = JSON.parse(await readFile(new URL('../../../schema/testdata/choices.json', import.meta.url), 'utf8'))
  assert.ok(cases.length)
  for (const [value, words] of cases) assert.equal(choiceWords(value), words)
})
