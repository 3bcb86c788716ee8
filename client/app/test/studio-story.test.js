// Every field that people can write has a story that its own rules allow, and that ends
// with both phones showing the same and something told.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Rehearsal } from '../src/studio/rehearsal/rehearsal.js'
import { tellOf } from '../src/studio/rehearsal/telling.js'
import { readType } from '../src/studio/type.js'
import { speak } from '../src/words/words.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))
const type = { name: 'inspection', version: 1, schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') }

/** @param {Rehearsal} rehearsal */
async function playOut (rehearsal) {
  rehearsal.play()
  while (!rehearsal.ended) {
    await new Promise((resolve) => setImmediate(resolve))
    rehearsal.next()
  }
  await new Promise((resolve) => setImmediate(resolve))
}

for (const lang of ['en', 'de']) {
  test(`every field has a story, in ${lang}`, async () => {
    speak(lang)
    const rehearsal = new Rehearsal(readType(type), { focus: '', moves: false })
    const keys = rehearsal.choices.map(({ key }) => key)
    assert.ok(keys.length > 25)
    for (const key of ['', ...keys]) {
      rehearsal.choose(key)
      assert.ok(rehearsal.story, key)
      await playOut(rehearsal)
      const { world, forms } = rehearsal
      assert.ok(world.level, key)
      assert.deepEqual(world.devices[0].view.encode(), world.devices[1].view.encode(), key)
      assert.deepEqual(rehearsal.problems, [], key)
      assert.deepEqual(world.devices.map(({ view }) => view.disagreements()), [[], []], key)
      const told = world.tales.map((tale) => tellOf(tale, (path) => forms[0].controlAt(path)))
      assert.ok(told.length >= 2, key)
      for (const text of [...told, ...(rehearsal.story?.steps ?? []).map(({ say }) => say)]) assert.ok(!/[{}]|undefined|NaN|object/.test(text), `${key}: ${text}`)
    }
    speak('en')
  })
}

test('of what only goes one way, what stays is not what came last', async () => {
  const rehearsal = new Rehearsal(readType(type), { focus: 'meter', moves: false })
  await playOut(rehearsal)
  const [met] = rehearsal.world.tales.filter(({ what }) => what === 'met')
  assert.equal(met.wins, 'Anna')
  assert.ok(Number(met.mine) > Number(met.theirs))
})

test('the type may be another one meanwhile', async () => {
  const rehearsal = new Rehearsal(readType(type), { focus: 'tags', moves: false })
  await playOut(rehearsal)
  rehearsal.become(readType({ ...type, fields: type.fields.filter((/** @type {{path: string[]}} */ { path }) => path[0] !== 'tags') }))
  assert.equal(rehearsal.focus, rehearsal.choices[0].key)
  rehearsal.become(readType({ ...type, fields: [] }))
  assert.equal(rehearsal.focus, '')
  assert.equal(rehearsal.story, undefined)
  assert.deepEqual(rehearsal.choices, [])
  rehearsal.choose('')
  assert.deepEqual(rehearsal.sections, [])
})
