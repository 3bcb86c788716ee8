// What a form writes to while a record is new: plain JSON in memory, whose rows have
// identities of their own as those of a record have. Every call is done at once.

import { isObject } from './schemas.js'
import { keyOf, same, withValue } from './path.js'

/** @typedef {import('./path.js').Path} Path */

/** A record that is not saved yet. */
export class Draft {
  /** @param {{[key: string]: unknown}} value what it starts with; not changed */
  constructor (value) {
    this.value = value
    /** @type {Map<string, string[]>} the identities of each list's rows, by the list's path */
    this.ids = new Map()
    this.last = 0
    this.onChange = () => {}
  }

  /** Whether it is a record on the device already. */
  get kept () {
    return false
  }

  /** Whether what is written is kept for good at once. */
  get saves () {
    return false
  }

  /**
   * What a value that only goes one way has to outdo; undefined: nothing.
   * @param {Path} _path
   * @returns {unknown}
   */
  held (_path) {
    return undefined
  }

  /**
   * What stands at a path; undefined where nothing does.
   * @param {Path} path
   * @returns {any}
   */
  get (path) {
    let at = /** @type {any} */ (this.value)
    this.positions(path).forEach((step) => { at = at?.[step] })
    return at
  }

  /**
   * The rows of the list at a path, with their identities.
   * @param {Path} path
   * @returns {{id: string, value: any}[]}
   */
  rows (path) {
    const list = this.get(path)
    const ids = this.idsOf(path, list)
    return Array.isArray(list) ? list.map((value, i) => ({ id: ids[i], value })) : []
  }

  /**
   * Writes a value; undefined takes the field out, and with it an object that it leaves empty.
   * @param {Path} path
   * @param {unknown} value
   */
  async put (path, value) {
    this.write(path, value)
    for (let up = path.slice(0, -1); value === undefined && up.length; up = up.slice(0, -1)) {
      const at = this.get(up)
      if (!isObject(at) || Object.keys(at).length || this.isRow(up)) break
      this.write(up, undefined)
    }
    this.onChange()
  }

  /** @param {Path} path @param {number} amount */
  async add (path, amount) {
    await this.put(path, sum(this.get(path) ?? 0, amount))
  }

  /** @param {Path} path @param {unknown} element */
  async include (path, element) {
    const set = this.get(path) ?? []
    if (!set.some((/** @type {unknown} */ one) => same(one, element))) await this.put(path, [...set, element])
  }

  /** @param {Path} path @param {unknown} element */
  async exclude (path, element) {
    const left = (this.get(path) ?? []).filter((/** @type {unknown} */ one) => !same(one, element))
    await this.put(path, left.length ? left : undefined)
  }

  /**
   * @param {Path} path
   * @param {number} index
   * @param {unknown} value
   * @returns {Promise<string>} the identity of the new row
   */
  async insertRow (path, index, value) {
    const list = this.get(path) ?? []
    const ids = this.idsOf(path, list)
    const id = this.newId()
    ids.splice(index, 0, id)
    this.write(path, list.toSpliced(index, 0, value))
    this.onChange()
    return id
  }

  /** @param {Path} path @param {string} row @param {number} index where it stands afterwards */
  async moveRow (path, row, index) {
    const list = [...this.get(path)]
    const ids = this.idsOf(path, list)
    const from = ids.indexOf(row)
    ids.splice(index, 0, ...ids.splice(from, 1))
    list.splice(index, 0, ...list.splice(from, 1))
    this.write(path, list)
    this.onChange()
  }

  /** @param {Path} path @param {string} row */
  async removeRow (path, row) {
    const list = this.get(path)
    const ids = this.idsOf(path, list)
    const at = ids.indexOf(row)
    ids.splice(at, 1)
    this.write(path, list.length > 1 ? list.toSpliced(at, 1) : undefined)
    this.onChange()
  }

  /** @param {Path} path @param {unknown} value */
  write (path, value) {
    this.value = withValue(this.value, this.positions(path), value) ?? {}
  }

  /** @param {Path} path */
  isRow (path) {
    return Array.isArray(this.get(path.slice(0, -1)))
  }

  /**
   * The path with the positions of rows in place of their identities.
   * @param {Path} path
   */
  positions (path) {
    let at = /** @type {any} */ (this.value)
    return path.map((step, i) => {
      const position = Array.isArray(at) ? String(this.idsOf(path.slice(0, i), at).indexOf(step)) : step
      at = at?.[position]
      return position
    })
  }

  /** @param {Path} path @param {unknown} list */
  idsOf (path, list) {
    const key = keyOf(path)
    let ids = this.ids.get(key)
    if (!ids) this.ids.set(key, ids = [])
    const length = Array.isArray(list) ? list.length : 0
    while (ids.length < length) ids.push(this.newId())
    ids.length = length
    return ids
  }

  newId () {
    return 'new.' + ++this.last
  }
}

/**
 * A sum without the dust of binary fractions: 0.1 and 0.2 are 0.3.
 * @param {number} a
 * @param {number} b
 */
export const sum = (a, b) => Number((a + b).toPrecision(15))
