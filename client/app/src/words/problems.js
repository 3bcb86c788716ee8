// What is wrong with a value, in the language that the app speaks when it is said: for
// the SDK, which tells problems in English unless it is given other words.

import * as en from '../../../js/src/schema/messages.js'
import * as de from './problems.de.js'
import { language } from './words.js'

/** @typedef {import('../../../js/src/schema/messages.js').Facts} Facts */

const words = () => language() === 'de' ? de : en

/**
 * The option `messages` of the SDK's open().
 */
export const messages = {
  get record () { return words().record },
  row: (/** @type {number} */ n, /** @type {string} */ of) => words().row(n, of),
  inRow: (/** @type {string} */ label, /** @type {number} */ n, /** @type {string} */ of) => words().inRow(label, n, of),
  entry: (/** @type {number} */ n, /** @type {string} */ of) => words().entry(n, of),
  sentences: Object.fromEntries(Object.keys(en.sentences).map((rule) => [rule, (/** @type {Facts} */ f) => (words().sentences[rule] ?? en.sentences[rule])(f)]))
}
