// The form of a record that is kept: on the device, or on one that is rehearsed with.

import { Kept } from './kept.js'
import { Form } from './state.js'

/**
 * @param {import('./kept.js').Collection} collection
 * @param {import('./kept.js').Document} document
 * @param {import('./model.js').Section[]} sections
 * @param {ReturnType<typeof import('./rules.js').rulesOf>} rules
 */
export function openForm (collection, document, sections, rules) {
  /** @type {Form | undefined} */
  let form
  const wholeLength = (/** @type {string[]} */ path) => {
    for (let n = 1; n <= path.length; n++) if (form?.controlAt(path.slice(0, n))?.whole) return n
    return 0
  }
  form = new Form({ source: new Kept(collection, document, wholeLength), sections, ...rules })
  form.setDocument(document)
  return form
}
