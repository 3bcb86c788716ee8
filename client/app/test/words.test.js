import assert from 'node:assert/strict'
import { test } from 'node:test'
import { studioCatalogues } from '../src/words/studio.js'
import { catalogues, formatDay, formatList, language, setLanguage, t } from '../src/words/words.js'

/** @param {import('../src/words/words.js').Phrase} phrase */
const texts = (phrase) => typeof phrase === 'string' ? [phrase] : Object.values(phrase)

/** @param {string} text */
const names = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

/** @type {{[language: string]: {[key: string]: import('../src/words/words.js').Phrase}}[]} the app's, and that of what stands on admin pages */
const all = [catalogues, studioCatalogues]

test('every language has the same keys, and says the same parameters', () => {
  for (const { en, ...others } of all) {
    for (const [code, words] of Object.entries(others)) {
      assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort(), code)
      for (const [key, phrase] of Object.entries(words)) {
        const here = names(texts(phrase).join()), there = names(texts(en[key]).join())
        assert.deepEqual(here, there, `${code}: ${key}`)
        assert.ok(texts(phrase).every((text) => text.trim()), `${code}: ${key} is empty`)
      }
    }
  }
})

test('a plural phrase has every category that its language uses for whole numbers', () => {
  for (const [code, words] of all.flatMap((one) => Object.entries(one))) {
    const rules = new Intl.PluralRules(code)
    for (const [key, phrase] of Object.entries(words)) {
      if (typeof phrase === 'string') continue
      for (const n of [0, 1, 2, 3, 5, 11, 21, 100]) {
        const category = rules.select(n)
        assert.ok(category in phrase || phrase.other, `${code}: ${key} lacks ${category}`)
        if (code === 'en' || code === 'de') assert.ok('one' in phrase, `${code}: ${key} lacks one`)
      }
    }
  }
})


test('words, dates and lists follow the language', () => {
  setLanguage('de')
  assert.equal(language(), 'de')
  assert.equal(t('yes'), 'Ja')
  assert.equal(formatDay('2026-03-04'), '04.03.2026')
  assert.equal(formatList(['a', 'b', 'c']), 'a, b und c')
  setLanguage('xx')
  assert.equal(language(), 'de', 'a language that is not there changes nothing')
  setLanguage('en')
  assert.equal(formatDay('2026-03-04'), 'Mar 4, 2026')
})
