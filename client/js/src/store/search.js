// Search: for each word of it, a word of the document begins with it.

import { lower } from '../schema/texts.js'
import { findsAll, recordWords, words } from '../schema/words.js'

/** @import { Row } from './row.js' */

/**
 * What tells whether a row is found; undefined when there are no words to search for.
 * @param {string|undefined} search
 * @returns {((row: Row) => boolean)|undefined}
 */
export function searcher (search) {
  const wanted = words(search ?? '')
  if (wanted.length === 0) return undefined
  return row => {
    // Most rows do not have the words anywhere in their text, which is quick to see.
    const text = fold(row.text)
    return wanted.every(word => text.includes(word)) && findsAll(recordWords(row.value), wanted)
  }
}

/**
 * Puts accents and letter case aside as words.js does.
 * @param {string} text
 */
function fold (text) {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : lower(text.normalize('NFKD').replace(/\p{M}+/gu, ''))
}
