// Forms over the SDK: the one of a new record, and the one of a record on the device.

import { Draft } from '../form/draft.js'
import { sectionsOf } from '../form/model.js'
import { openForm } from '../form/open.js'
import { rulesOf } from '../form/rules.js'
import { Form } from '../form/state.js'

/**
 * @typedef {import('../form/model.js').Type} Type
 * @typedef {import('../form/kept.js').Document} Document
 */

/**
 * The form of a new record.
 * @param {any} db
 * @param {Type} type
 * @param {(sections: import('../form/model.js').Section[]) => {[key: string]: unknown}} start what it starts with
 */
export function formOfNew (db, type, start) {
  const sections = sectionsOf(type)
  return new Form({ source: new Draft(writable(type, start(sections))), sections, ...rules(db, type) })
}

/**
 * The form of a record on the device.
 * @param {any} db
 * @param {Type} type
 * @param {Document} document
 */
export function formOfKept (db, type, document) {
  return openForm(db.collection(type.name), document, sectionsOf(type), rules(db, type))
}

/**
 * What a record begins with, without what this person may not write: with it the whole
 * would be refused.
 * @param {Type} type
 * @param {{[key: string]: unknown}} start
 */
function writable (type, start) {
  return Object.fromEntries(Object.entries(start).filter(([key]) => !type.grant?.readOnly?.includes(key)))
}

/** @param {any} db @param {Type} type */
const rules = (db, type) => rulesOf(db.collection(type.name), () => ({ me: db.who?.name ?? '', now: Date.now() }))
