// What a form writes to when the record is on the device already: each call is one
// change, made and kept at once. Reading gives the record as it is now, with what others
// did; setDocument hands in each new state of it.

import { keyOf, withValue } from './path.js'

/**
 * @typedef {import('./path.js').Path} Path
 *
 * A record as the SDK gives it.
 * @typedef {object} Document
 * @property {string} id
 * @property {string} type
 * @property {any} value
 * @property {boolean} deleted
 * @property {boolean} pending
 * @property {Problem[]} problems
 * @property {{path: string[], values: {id?: string, value?: unknown, absent?: boolean, stamp?: unknown}[]}[]} disagreements
 * @property {(path: string[]) => {id: string, value: any}[]} rows
 * @property {any} [created]
 * @property {string} [createdBy]
 * @property {any} [updated]
 * @property {string} [updatedBy]
 *
 * @typedef {{path: string, field?: string, rule: string, message: string, limit?: unknown}} Problem
 *
 * A text that several people may be typing in.
 * @typedef {object} TextHandle
 * @property {string} value
 * @property {(at: number, remove: number, insert: string) => void} splice
 * @property {(at: number) => string} anchor
 * @property {(anchor: string) => number} indexOf
 * @property {(fn: () => void) => () => void} subscribe
 * @property {() => unknown} flush
 * @property {() => void} close
 *
 * @typedef {object} Editor
 * @property {(path: Path, value: any) => unknown} put
 * @property {(path: Path) => unknown} remove
 * @property {(path: Path, amount: number) => unknown} add
 * @property {(path: Path, value: any) => unknown} include
 * @property {(path: Path, value: any) => unknown} exclude
 * @property {(path: Path, value: any) => unknown} pick
 * @property {(path: Path, index: number, value: any) => string} insertRow
 * @property {(path: Path, row: string, index: number) => unknown} moveRow
 * @property {(path: Path, row: string) => unknown} removeRow
 *
 * The records of a type, as far as a form needs them.
 * @typedef {object} Collection
 * @property {(id: string, edit: (editor: any) => void) => Promise<Document | void>} update gives the record as it is then
 * @property {(id: string, path: any) => Promise<TextHandle>} text
 */

/** A record on the device. */
export class Kept {
  /**
   * @param {Collection} collection
   * @param {Document} document
   * @param {(path: Path) => number} wholeLength how many steps of a path lead to the value that changes as a whole; 0: none on the way
   */
  constructor (collection, document, wholeLength) {
    this.collection = collection
    this.document = document
    this.wholeLength = wholeLength
    /** @type {Map<string, {id: string, value: any}[]>} */
    this.lists = new Map()
    /** The last change of rows. @type {Promise<unknown>} */
    this.rowsChange = Promise.resolve()
  }

  /** Whether it is a record on the device already. */
  get kept () {
    return true
  }

  /** Whether what is written is kept for good at once. */
  get saves () {
    return true
  }

  /**
   * What a value that only goes one way has to outdo.
   * @param {Path} path
   * @returns {unknown}
   */
  held (path) {
    return this.get(path)
  }

  /** @param {Document} document as it is from now on */
  setDocument (document) {
    this.document = document
    this.lists = new Map()
  }

  /** The whole value. */
  get value () {
    return this.document.value
  }

  /**
   * What stands at a path; undefined where nothing does.
   * @param {Path} path
   * @returns {any}
   */
  get (path) {
    let at = this.document.value
    path.forEach((step, i) => {
      at = Array.isArray(at) ? this.rows(path.slice(0, i)).find(({ id }) => id === step)?.value : at?.[step]
    })
    return at
  }

  /**
   * The rows of the list at a path, with their identities. In what changes as a whole
   * their places are all they have.
   * @param {Path} path
   * @returns {{id: string, value: any}[]}
   */
  rows (path) {
    const key = keyOf(path)
    const known = this.lists.get(key)
    if (known) return known
    const rows = this.wholeLength(path) ? this.places(path) : this.document.rows(path)
    this.lists.set(key, rows)
    return rows
  }

  /** @param {Path} path @returns {{id: string, value: any}[]} */
  places (path) {
    return (this.get(path) ?? []).map((/** @type {any} */ value, /** @type {number} */ i) => ({ id: String(i), value }))
  }

  /** @param {Path} path @param {unknown} value undefined takes the field out */
  async put (path, value) {
    const length = this.wholeLength(path)
    const at = length ? path.slice(0, length) : path
    const next = length ? withValue(this.get(at), path.slice(length), value) : value
    await this.edit((editor) => next === undefined ? editor.remove(at) : editor.put(at, next))
  }

  /** @param {Path} path @param {number} amount */
  add (path, amount) {
    return this.edit((editor) => editor.add(path, amount))
  }

  /** @param {Path} path @param {unknown} element */
  include (path, element) {
    return this.edit((editor) => editor.include(path, element))
  }

  /** @param {Path} path @param {unknown} element */
  exclude (path, element) {
    return this.edit((editor) => editor.exclude(path, element))
  }

  /** @param {Path} path @param {unknown} value settles on this one of several values */
  pick (path, value) {
    return this.edit((editor) => value === undefined ? editor.remove(path) : editor.pick(path, value))
  }

  /**
   * @param {Path} path
   * @param {number} index beyond the rows there are: at the end
   * @param {unknown} value
   * @returns {Promise<string>} the identity of the new row
   */
  async insertRow (path, index, value) {
    let id = ''
    await this.editRows((editor) => { id = String(editor.insertRow(path, Math.min(index, this.rows(path).length), value)) })
    return id
  }

  /** @param {Path} path @param {string} row @param {number} index */
  moveRow (path, row, index) {
    return this.editRows((editor) => editor.moveRow(path, row, Math.min(index, this.rows(path).length - 1)))
  }

  /** @param {Path} path @param {string} row */
  removeRow (path, row) {
    return this.editRows((editor) => editor.removeRow(path, row))
  }

  /**
   * The text at a path, to type in together with others.
   * @param {Path} path
   */
  text (path) {
    return this.collection.text(this.document.id, path)
  }

  /**
   * Rows go by places, so each change of them is made on what the one before has left.
   * @param {(editor: Editor) => unknown} what
   */
  editRows (what) {
    const change = this.rowsChange.then(() => this.edit(what))
    this.rowsChange = change.catch(() => {})
    return change
  }

  /** @param {(editor: Editor) => unknown} what */
  async edit (what) {
    const document = await this.collection.update(this.document.id, (editor) => { what(editor) })
    if (document) this.setDocument(document)
  }
}
