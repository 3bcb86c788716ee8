// Search words: how the text of a record, and what a person types to find it, are split.
// The rules are those of Words in Go; schema/testdata/words.json holds the cases.
//
// Go and a browser may go by different versions of Unicode. Then only characters that the
// older one does not know are split otherwise: measured over all code points, Go 1.26
// (Unicode 15.0) and Node 20 (17.0) agree on every one that 15.0 has.

import { compareTexts, isObject, lower } from './texts.js'

const maxWords = 1000
const maxWordBytes = 64

/**
 * Splits all text of a value into search words: every text at any depth and every whole
 * number as its digits. Accents and letter case are put aside (NFKD, marks dropped, each
 * code point lowered alone); what is no letter and no number separates words.
 *
 * A word is cut to 64 bytes of UTF-8; each comes once; after the first 1,000 the rest is
 * left out. Sorted by code point.
 * @param {unknown} value plain JSON
 * @returns {string[]}
 */
export function words (value) {
  /** @type {Set<string>} */
  const found = new Set()
  addValue(found, value)
  return [...found].sort(compareTexts)
}

/**
 * The words by which a record is found, sorted. Each top-level field gives its own, up to
 * the bound of {@link words}, so that none crowds out another's.
 * @param {Record<string, unknown>} value
 * @returns {string[]}
 */
export function recordWords (value) {
  /** @type {Set<string>} */
  const all = new Set()
  for (const field of Object.values(value)) {
    /** @type {Set<string>} */
    const found = new Set()
    addValue(found, field)
    for (const word of found) all.add(word)
  }
  return [...all].sort(compareTexts)
}

/**
 * Whether each of the searched words begins one of a record's words, which are sorted:
 * the meaning of search.
 * @param {readonly string[]} sorted
 * @param {readonly string[]} searched
 * @returns {boolean}
 */
export function findsAll (sorted, searched) {
  return searched.every(prefix => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareTexts(sorted[middle], prefix) < 0) low = middle + 1
      else high = middle
    }
    return low < sorted.length && sorted[low].startsWith(prefix)
  })
}

/**
 * @param {Set<string>} found
 * @param {unknown} value
 */
function addValue (found, value) {
  if (typeof value === 'string') {
    for (const word of fold(value).match(/[\p{L}\p{N}]+/gu) ?? []) addWord(found, word)
  } else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) addWord(found, String(Math.abs(value)))
  } else if (Array.isArray(value)) {
    for (const item of value) addValue(found, item)
  } else if (isObject(value)) {
    for (const key of Object.keys(value).sort(compareTexts)) addValue(found, value[key])
  }
}

/**
 * @param {Set<string>} found
 * @param {string} word
 */
function addWord (found, word) {
  if (found.size < maxWords) found.add(cut(word))
}

/**
 * Puts accents and letter case aside.
 * @param {string} text
 */
function fold (text) {
  // Most text needs no more; a mark always lies above these.
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase()
  return lower(text.normalize('NFKD').replace(/\p{M}+/gu, ''))
}

/**
 * Cuts a word after the last code point that fits.
 * @param {string} word
 */
function cut (word) {
  if (word.length * 3 <= maxWordBytes) return word
  return new TextDecoder().decode(new TextEncoder().encode(word).subarray(0, maxWordBytes), { stream: true })
}
