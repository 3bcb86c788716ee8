// Search: for each word of it, a word of the document begins with it.

import { lower } from '../schema/texts.js'
import { findsAll, recordWords, words } from '../schema/words.js'

/** @import { Row } from './row.js' */

/**
 * What tells whether a row is found; undefined when there are no words to search for.
 * @param {string|undefined} search
 * @returns {{maybe: (row: Row) => boolean, test: (row: Row) => boolean}|undefined} maybe:
 *   quick to see, true of all that are found, and of few others
 */
export function searcher (search) {
  const wanted = words(search ?? '')
  if (wanted.length === 0) return undefined
  const somewhere = wanted.map(word => new RegExp(word, 'i'))
  const maybe = (/** @type {Row} */ row) => somewhere.every(word => word.test(row.folded))
  return { maybe, test: row => maybe(row) && findsAll(recordWords(row.value), wanted) }
}

/**
 * A text with accents put aside as words.js does; letter case too, unless it is ASCII.
 * @param {string} text
 */
export function fold (text) {
  return /[^\0-\x7f]/.test(text) ? lower(text.normalize('NFKD').replace(/\p{M}+/gu, '')) : text
}
