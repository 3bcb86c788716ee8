import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as en from '../../js/src/schema/messages.js'
import { sentences } from '../src/words/problems.de.js'
import { messages } from '../src/words/problems.js'
import { language, setLanguage } from '../src/words/words.js'

/** @type {import('../../js/src/schema/messages.js').Facts} */
const facts = { label: 'Druck', value: 1.5, shown: '1.5', limit: 2, count: 1, types: ['number', 'string'], got: 'boolean', values: ['a', 'b'], more: 0, hint: 'fünf Ziffern', key: 'x', text: 'Ort' }

test('German says nothing that English does not, and whole sentences', () => {
  for (const [rule, say] of Object.entries(sentences)) {
    assert.ok(rule in en.sentences, rule)
    for (const one of [facts, { ...facts, shown: undefined, limit: 1, count: 0, values: ['a'], hint: '' }]) assert.match(say(one), /^[^{}]*\.$/, rule)
    assert.doesNotMatch(say(rule === 'format' ? { ...facts, limit: 'email' } : facts), /undefined/, rule)
  }
})

test('problems are told in the language of the moment', () => {
  const was = language()
  try {
    setLanguage('de')
    assert.equal(messages.sentences.minimum(facts), 'Druck muss mindestens 2 sein; es ist 1,5.')
    assert.equal(messages.inRow('Teil', 2, 'Teile'), 'Teil in Zeile 2 von Teile')
    assert.equal(messages.sentences.controlKey(facts), en.sentences.controlKey(facts), 'what is missing is said in English')
    setLanguage('en')
    assert.equal(messages.sentences.minimum(facts), 'Druck must be at least 2; it is 1.5.')
  } finally {
    setLanguage(was)
  }
})
