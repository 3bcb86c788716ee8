// A form to try a type with: a new record that is never saved. When the type is edited
// meanwhile, what was typed goes over into the form of the type as it is now.

import { Draft } from '../form/draft.js'
import { presets } from '../form/model.js'
import { keyOf, same, stepsOf } from '../form/path.js'
import { Form } from '../form/state.js'

/**
 * @typedef {import('./type.js').Read} Read
 * @typedef {{[key: string]: unknown}} Value
 */

/**
 * @param {Read} read
 * @param {Form} [before] the form of the type as it was
 * @returns {Form}
 */
export function trialOf (read, before) {
  const start = startOf(read.sections)
  const source = new Draft(before ? { ...start, ...carried(read, before, start) } : start)
  const form = new Form({ source, sections: read.sections, ...read.rules })
  if (before) {
    takeOver(form, before)
    drop(source, before, start)
  }
  return form
}

/** @param {import('../form/model.js').Section[]} sections */
const startOf = (sections) => presets(sections.flatMap(({ controls }) => controls))

/**
 * What was typed and is still a value of its field's kind. A default that nobody changed
 * is not kept: the new one counts.
 * @param {Read} read
 * @param {Form} before
 * @param {Value} start
 */
function carried ({ schema, sections }, before, start) {
  const old = startOf(before.sections)
  const known = new Set(sections.flatMap(({ controls }) => controls.map(({ key }) => key)))
  const typed = Object.entries(before.source.value).filter(([key, value]) => known.has(key) && !(key in start && same(value, old[key])))
  return Object.fromEntries(typed.filter(([key, value]) => !schema.validateField([key], value).some(({ path, rule }) => rule === 'type' && path === keyOf([key]))))
}

/**
 * A default that somebody emptied stays empty.
 * @param {Draft} source
 * @param {Form} before
 * @param {Value} start
 */
function drop (source, before, start) {
  const old = startOf(before.sections)
  for (const key of Object.keys(start)) if (key in old && !(key in before.source.value)) source.put([key], undefined)
}

/**
 * Rows stay the same rows, what is half typed stays, and what was asked for is asked again.
 * @param {Form} form
 * @param {Form} before
 */
function takeOver (form, before) {
  const [to, from] = [/** @type {Draft} */ (form.source), /** @type {Draft} */ (before.source)]
  to.ids = from.ids
  to.last = from.last
  const sameKind = (/** @type {string} */ key) => form.controlAt(stepsOf(key))?.kind === before.controlAt(stepsOf(key))?.kind
  form.touched = new Set([...before.touched].filter(sameKind))
  form.fresh = before.fresh
  form.resume(before.unwritten().filter(([key]) => sameKind(key)))
  for (const key of form.touched) {
    const control = form.controlAt(stepsOf(key))
    if (control) form.check(control, stepsOf(key), form.value(stepsOf(key)))
  }
  if (before.tried) form.checkAll()
}
