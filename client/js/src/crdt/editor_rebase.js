// Doing to a document what was done to a plain value, where the operations that did so are not
// to be had.

/** @import { Editor } from './editor.js' */
/** @import { Plan } from './plan.js' */
/** @import { Value } from './value.js' */

import { Document } from './document.js'
import { put, remove } from './editor_put.js'
import { fieldPlan } from './plan.js'
import { newTime } from './stamp.js'
import { equalValues } from './value.js'

/** @typedef {{ [field: string]: Value }} Fields */

/**
 * Does to a top-level field what turned before into after. It may leave half of it done when
 * it fails.
 * @param {Editor} e
 * @param {string} field
 * @param {Fields} before
 * @param {Fields} after
 */
export function rebase (e, field, before, after) {
  if (isSame(before, after, field)) return
  const now = e.value()
  const path = [field]
  const first = e.made.length
  const value = mergeField(field, before, after, now, e.plan)
  if (value === undefined) remove(e, path)
  else put(e, path, e.planFor(path), value)
  if (isSame(before, now, field)) return
  // Whoever wants this has not seen what the others chose.
  e.made = e.made.map((op, i) => i >= first && op?.kind === 'assign' ? { ...op, over: [] } : op)
}

/**
 * What a field is when two who began with before have made of it after and now. after counts
 * as the newer one.
 * @param {string} field
 * @param {Fields} before
 * @param {Fields} after
 * @param {Fields} now
 * @param {Plan | undefined} plan
 * @returns {Value | undefined} undefined: absent
 */
function mergeField (field, before, after, now, plan) {
  if (isSame(before, now, field) || (isSame(after, now, field) && !(plan && adds(fieldPlan(plan, field))))) return own(after, field)
  try {
    return own(mergeCopies(field, before, after, now, plan).value(), field)
  } catch {
    return own(after, field) // what does not fit is for put to say; what was typed is never lost
  }
}

/**
 * Whether there is a counter in the field.
 * @param {Plan} plan
 * @returns {boolean}
 */
const adds = plan => plan.strategy === 'counter' || Object.values(plan.fields ?? {}).some(adds)

/**
 * Makes a document that has the field as in before, and gives it two changes that know nothing
 * of each other: one to now and a newer one to after.
 * @param {string} field
 * @param {Fields} before
 * @param {Fields} after
 * @param {Fields} now
 * @param {Plan | undefined} plan
 */
function mergeCopies (field, before, after, now, plan) {
  const doc = new Document()
  grow(doc, 1, toward(doc, 1, field, before, plan))
  const mine = toward(doc, 3, field, after, plan)
  grow(doc, 2, toward(doc, 2, field, now, plan))
  grow(doc, 3, mine)
  return doc
}

/**
 * The operations that make a field what it is in value.
 * @param {Document} doc
 * @param {number} n of the replica
 * @param {string} field
 * @param {Fields} value
 * @param {Plan | undefined} plan
 */
function toward (doc, n, field, value, plan) {
  const e = doc.edit(replica(n), plan)
  const v = own(value, field)
  if (v === undefined) e.remove([field])
  else e.put([field], v)
  return e.ops()
}

/**
 * Applies what a replica did; stamps are in the order of the replicas.
 * @param {Document} doc
 * @param {number} n
 * @param {import('./change.js').Op[]} ops
 */
function grow (doc, n, ops) {
  doc.apply({ replica: replica(n), n: 1, stamp: newTime(n, 0), type: 'a', version: 1, doc: 'a', ops })
}

/** @param {number} n */
const replica = n => String(n).padStart(16, '0')

/**
 * @param {Fields} value
 * @param {string} field
 */
const own = (value, field) => Object.hasOwn(value, field) ? value[field] : undefined

/**
 * @param {Fields} a
 * @param {Fields} b
 * @param {string} field
 */
const isSame = (a, b, field) => equalValues(own(a, field), own(b, field))
