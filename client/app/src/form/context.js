// How the components of a form reach it, and what they draw of one field.

import { createContext } from 'preact'
import { useContext, useEffect, useReducer } from 'preact/hooks'
import { elementId, keyOf } from './path.js'

/**
 * @typedef {import('./model.js').Control} Control
 * @typedef {import('./path.js').Path} Path
 *
 * What a control is given.
 * @typedef {{control: Control, path: Path}} ControlProps
 *
 * What a form's components share.
 * @typedef {object} Shared
 * @property {import('./state.js').Form} form
 * @property {Others} others
 * @property {Document | ShadowRoot} root what the form stands in: ids are looked up there
 *
 * What a form knows beside its record: who types, and what other records hold.
 * @typedef {object} Others
 * @property {string} me the name that the person signs in with, '' when there is none
 * @property {(type: string) => boolean} has whether there are records of a type to choose from
 * @property {(type: string, text: string, limit: number) => Promise<Named[]>} find records of a type, by what they hold
 * @property {(type: string, id: string) => Promise<Named | null>} named what a record is called; null: it is not known here
 * @property {(control: Control) => Promise<string[]>} known what people wrote into a field of this type before
 *
 * @typedef {{id: string, label: string, href?: string}} Named a record by its name, with the way to it where there is one
 */

export const FormContext = createContext(/** @type {Shared | null} */ (null))

/**
 * @returns {Shared}
 */
export function useShared () {
  const shared = useContext(FormContext)
  if (!shared) throw new Error('A control stands outside of a form.')
  return shared
}

/**
 * Draws again whenever something of the form moved.
 * @param {import('./state.js').Form} form
 */
export function useFormState (form) {
  const [, again] = useReducer((/** @type {number} */ n) => n + 1, 0)
  useEffect(() => form.subscribe(() => again(0)), [form])
}

/**
 * One field: what it shows, what is wrong with it, and how to write it. What belongs to
 * a value that changes as a whole is written with it.
 * @param {Control} control
 * @param {Path} path
 */
export function useField (control, path) {
  const { form } = useShared()
  useFormState(form)
  const whole = form.wholeOf(path)
  /** @param {{value: unknown, raw?: string, fault?: string}} what */
  const type = (what) => whole ? form.typePart(whole.control, whole.path, whole.key, what) : form.type(control, path, what)
  return {
    form,
    id: elementId(path),
    value: form.value(path),
    raw: form.typed.get(keyOf(path))?.raw,
    error: form.error(path),
    required: form.required(control, path),
    readOnly: control.readOnly || form.readOnly,
    type,
    leave: () => { if (!whole) form.leave(control, path) },
    choose: (/** @type {unknown} */ value) => whole ? type({ value }) : form.choose(control, path, value)
  }
}
