import { useEffect, useMemo, useRef } from 'preact/hooks'
import { FormContext, useFormState } from '../form/context.js'
import { focusIn } from '../form/focus.js'
import { Draft } from '../form/draft.js'
import { Field } from '../form/field.jsx'
import { elementId, keyOf, withValue } from '../form/path.js'
import { Form } from '../form/state.js'
import { island } from './island.js'
import { othersOf } from './look.js'
import { onceDressed } from './stylesheet.js'
import { readType } from './type.js'

/**
 * @typedef {import('../form/model.js').Control} Control
 *
 * @typedef {object} CellOptions
 * @property {import('../form/model.js').Type} type
 * @property {string[]} path of the field, keys only
 * @property {unknown} [value] what the field holds; undefined: nothing
 * @property {{[key: string]: unknown}} [record] the rest of the record, for fields that are required only sometimes
 * @property {string} [lang]
 * @property {import('./look.js').Look} [look]
 * @property {(value: unknown) => void} [commit] Enter, or a choice that was pressed: only a valid value; undefined: empty
 * @property {() => void} [cancel] Escape
 * @property {(value: unknown, back: boolean) => void} [next] Tab, with Shift back: only with a valid value
 */

/** Kinds in which Enter makes a line; with Ctrl it is Enter. */
const takesEnter = new Set(['long', 'notes', 'rows', 'keys', 'counter', 'references', 'reference'])

/** Kinds in which Enter adds what stands in the input, and is Enter where that is empty. */
const addsOnEnter = new Set(['tags', 'list'])

/** Kinds of which one press on a choice is all there is to do. */
const oneChoice = new Set(['choice', 'yesno'])

/**
 * One field's control, for the cell of a grid. What its keys mean is told to the page;
 * nothing else is kept.
 * @param {Element} element
 * @param {CellOptions} options
 * @returns {{value: () => unknown, valid: () => boolean, focus: () => void, close: () => void}}
 */
export function mountCell (element, options) {
  const { type, path, value, record = {}, lang, look } = options
  const place = island(element, 'cell', lang)
  const read = readType(type, look?.me)
  const form = new Form({ source: new Draft(withValue(record, path, value) ?? {}), sections: read.sections, ...read.rules, pause: 0 })
  const found = form.controlAt(path)
  if (!found) throw new Error(`The type "${type.name}" has no field "${path.join('/')}".`)
  const control = { ...found, when: [] }
  /** Checks what stands there, and shows what is wrong. */
  const valid = () => {
    form.touched.add(keyOf(path))
    const half = form.unwritten().some(([, { fault, blocked }]) => fault || blocked)
    const fine = !half && form.check(control, path, form.value(path))
    form.changed()
    return fine
  }
  const now = () => form.source.get(path)
  place.draw(<Cell form={form} control={control} options={options} root={place.root} valid={valid} now={now} />)
  return { value: now, valid, focus: () => onceDressed(() => focusIn(elementId(path), place.root)), close: place.close }
}

/**
 * @param {{form: Form, control: Control, options: CellOptions, root: ShadowRoot, valid: () => boolean, now: () => unknown}} props
 */
function Cell ({ form, control, options: { path, look, commit, cancel, next }, root, valid, now }) {
  useFormState(form)
  const shared = useMemo(() => ({ form, others: othersOf(look), root }), [form, root])
  const box = useRef(/** @type {HTMLDivElement | null} */ (null))
  /** Leaves the control as the focus would, which takes in what stands half typed. @param {() => void} then */
  const done = (then) => {
    const at = root.activeElement
    if (!(at instanceof HTMLElement)) return
    at.blur()
    at.focus()
    if (valid()) then()
  }
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.isComposing || event.defaultPrevented) return
    if (event.key === 'Escape') cancel?.()
    else if (event.key === 'Enter' && isDone(control, event)) done(() => commit?.(now()))
    else if (event.key === 'Tab' && next && isAtEdge(box.current, event)) done(() => next(now(), event.shiftKey))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  usePressed(box, oneChoice.has(control.kind), () => { if (valid()) commit?.(now()) })
  return (
    <FormContext.Provider value={shared}>
      <div class="form" ref={box} onKeyDownCapture={pressed}><Field control={control} path={path} /></div>
    </FormContext.Provider>
  )
}

/** @param {Control} control @param {KeyboardEvent} event of Enter */
function isDone ({ kind }, event) {
  if (event.ctrlKey || event.metaKey) return true
  if (event.target instanceof HTMLButtonElement || takesEnter.has(kind)) return false
  return !addsOnEnter.has(kind) || !(/** @type {HTMLInputElement} */ (event.target).value)
}

/**
 * Calls fn when a choice was pressed, by hand or mouse: the arrow keys only go through them.
 * @param {{current: HTMLElement | null}} box
 * @param {boolean} on
 * @param {() => void} fn
 */
function usePressed (box, on, fn) {
  useEffect(() => {
    const inside = box.current
    if (!on || !inside) return
    let byHand = false
    const down = () => { byHand = true }
    const key = () => { byHand = false }
    const changed = () => { if (byHand) setTimeout(fn) }
    inside.addEventListener('pointerdown', down)
    inside.addEventListener('keydown', key)
    inside.addEventListener('change', changed)
    return () => {
      inside.removeEventListener('pointerdown', down)
      inside.removeEventListener('keydown', key)
      inside.removeEventListener('change', changed)
    }
  }, [])
}

/**
 * Whether Tab would leave the control: in one of several parts it goes from part to part.
 * @param {HTMLElement | null} box
 * @param {KeyboardEvent} event
 */
function isAtEdge (box, event) {
  const stops = [...box?.querySelectorAll('input, select, textarea, button, a[href]') ?? []].filter((one) => !(/** @type {any} */ (one).disabled))
  const at = /** @type {Element} */ (event.target)
  const isRadio = (/** @type {Element} */ one) => one instanceof HTMLInputElement && one.type === 'radio'
  const edge = stops[event.shiftKey ? 0 : stops.length - 1]
  return at === edge || (isRadio(at) && isRadio(edge))
}
