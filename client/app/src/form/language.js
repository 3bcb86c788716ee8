// What forms need of the language beside its words.

import { intl } from '../words/words.js'

/** The sign that the language puts before decimals. */
export function decimalSign () {
  return intl('NumberFormat').formatToParts(1.5).find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.'
}
