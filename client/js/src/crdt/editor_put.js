// Making a field equal a value, whatever its strategy.

/** @import { ExtremeField } from './extreme.js' */
/** @import { MapField } from './map.js' */
/** @import { Strategy } from './change.js' */
/** @import { Plan } from './plan.js' */
/** @import { Value } from './value.js' */
/** @import { Workbench } from './workbench.js' */

import { assign } from './editor_conflict.js'
import { putCounter } from './editor_counter.js'
import { dropRow, putList } from './editor_list.js'
import { putSet } from './editor_set.js'
import { putText } from './editor_text.js'
import { fieldPlan, merges, rowPlan } from './plan.js'
import { equalValues, isExtreme } from './value.js'
import { refuseField } from './workbench.js'

/** @type {Plan} */
const register = { strategy: 'register' }

/**
 * Makes one field equal value. It may leave half of it done when it fails.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Plan} plan
 * @param {Value} value
 * @returns {void}
 */
export function put (e, path, plan, value) {
  const want = merges(plan)
  const field = e.field(path, want)
  if (field && want !== 'list' && equalValues(field.value(), value)) return
  switch (want) {
    case 'register': return e.write({ kind: 'set', path, value })
    case 'conflict': return assign(e, path, value)
    case 'counter': return putCounter(e, path, value)
    case 'max': case 'min': return putExtreme(e, path, want, value)
    case 'text': return putText(e, path, value)
    case 'set': return putSet(e, path, value)
    case 'list': return putList(e, path, rowPlan(plan), value)
    case 'map': return putMap(e, path, plan, value)
  }
  refuseField(path, 'has no strategy.')
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Plan} plan
 * @param {Value} value
 */
function putMap (e, path, plan, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuseField(path, 'takes an object with fields.')
  putFields(e, path, plan, value)
  e.show(path, 'map')
}

/**
 * Makes the fields of a map, or of the whole document, those of object.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Plan} plan
 * @param {{ [key: string]: Value }} object
 */
export function putFields (e, path, plan, object) {
  const map = /** @type {MapField | undefined} */ (e.work.find(path))
  for (const key of map?.keys() ?? []) if (!Object.hasOwn(object, key)) remove(e, [...path, key])
  for (const key of Object.keys(object).sort()) {
    const at = [...path, key]
    put(e, at, e.plan ? fieldPlan(plan, key) : e.planFor(at), object[key])
  }
}

/**
 * Makes a field absent.
 * @param {Workbench} e
 * @param {string[]} path
 */
export function remove (e, path) {
  e.visible(path)
  const list = path.slice(0, -1)
  if (e.listAt(list)) return dropRow(e, list, path[list.length])
  const field = e.work.find(path)
  if (!field?.shows()) return
  switch (field.strategy) {
    case 'register': return e.write({ kind: 'unset', path })
    case 'conflict': return assign(e, path)
    case 'max': case 'min': return refuseField(path, `keeps its ${field.strategy} and cannot be emptied.`)
  }
  const as = /** @type {Strategy} */ (field.strategy)
  empty(e, path, as)
  e.hide(path, as)
}

/**
 * Takes everything out of a field that can be empty.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Strategy} strategy
 */
function empty (e, path, strategy) {
  switch (strategy) {
    case 'counter': return putCounter(e, path, 0)
    case 'set': return putSet(e, path, [])
    case 'text': return putText(e, path, '')
    case 'list': return putList(e, path, register, [])
    case 'map': return putFields(e, path, register, {})
  }
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {'max' | 'min'} want
 * @param {Value} value
 */
function putExtreme (e, path, want, value) {
  if (!isExtreme(value)) return refuseField(path, 'takes a number or a text such as a date.')
  const field = /** @type {ExtremeField | undefined} */ (e.work.find(path))
  if (field && !field.beats(value)) refuseField(path, `keeps its ${want}: it can only be ${want === 'max' ? 'raised' : 'lowered'}.`)
  e.write({ kind: want === 'max' ? 'raise' : 'lower', path, value })
}
