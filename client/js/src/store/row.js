// A document as a person sees it.

import { fold } from './search.js'

/** @import { Rec } from './page.js' */

/**
 * What a viewer makes of a confirmed document and the changes that are pending on it.
 * @typedef {object} View
 * @property {Record<string, any>} value
 * @property {boolean} deleted
 * @property {boolean} exists false: there is nothing to see, so no row
 * @property {number|null} [created] in place of the confirmed one's, as the next three
 * @property {string|null} [createdBy]
 * @property {number|null} [updated]
 * @property {string|null} [updatedBy]
 */

/** @typedef {(rec: Rec|undefined, changes: Record<string, any>[]) => View} Viewer */

const told = /** @type {const} */ (['deleted', 'created', 'createdBy', 'updated', 'updatedBy'])
/** @type {Record<string, any>[]} */
const none = []

/**
 * A document as a person sees it, at one moment: an edit makes another Row. Nothing of it
 * may be changed.
 */
export class Row {
  /** @type {Record<string, any>|undefined} */
  #value
  /** @type {string|undefined} */
  #folded
  /** Another row, or none, has taken its place. */
  gone = false

  /**
   * @param {string} id
   * @param {Rec|undefined} rec the confirmed document
   * @param {Record<string, any>[]} changes that are pending, in order
   * @param {View|undefined} view of both, where changes are pending
   */
  constructor (id, rec, changes, view) {
    this.id = id
    this.rec = rec
    /** The pending changes in order. */
    this.changes = changes.length > 0 ? changes : none
    this.view = view
    this.#value = view?.value
    this.deleted = view?.deleted ?? rec?.deleted ?? false
    this.created = view?.created ?? rec?.created ?? null
    this.createdBy = view?.createdBy ?? rec?.createdBy ?? null
    this.updated = view?.updated ?? rec?.updated ?? null
    this.updatedBy = view?.updatedBy ?? rec?.updatedBy ?? null
  }

  /** Whether it has changes that the server has not acknowledged. */
  get pending () { return this.changes.length > 0 }

  /** @returns {Record<string, any>} parsed when first asked for */
  get value () { return (this.#value ??= JSON.parse(this.rec?.value ?? '{}')) }

  /** The value as JSON, with accents put aside, for searching. */
  get folded () { return (this.#folded ??= fold(this.view ? JSON.stringify(this.value) : this.rec?.value ?? '{}')) }
}

/**
 * The row of a document, undefined where there is nothing to see.
 * @param {string} id
 * @param {Rec|undefined} rec
 * @param {Record<string, any>[]} changes that are pending, in order
 * @param {Viewer} viewer
 * @returns {Row|undefined}
 */
export function makeRow (id, rec, changes, viewer) {
  if (changes.length === 0) return rec?.value == null ? undefined : new Row(id, rec, changes, undefined)
  const view = viewer(rec, changes)
  return view.exists ? new Row(id, rec, changes, view) : undefined
}

/**
 * Whether two rows are of the same document as it was, so that the older can stay.
 * @param {Row} a
 * @param {Row} b
 */
export function sameRow (a, b) {
  return told.every(key => a[key] === b[key]) && a.rec?.value === b.rec?.value &&
    a.changes.length === b.changes.length && String(a.rec?.meta) === String(b.rec?.meta) && JSON.stringify(a.changes) === JSON.stringify(b.changes)
}
