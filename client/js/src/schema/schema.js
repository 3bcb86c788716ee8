// A type as a device knows it: its schema, its plan, and what they say about values. It
// mirrors Schema in Go; the problems it finds are the same, word for word.

import { checkOp } from './checkop.js'
import { entry, inRow, record, row, sentences } from './messages.js'
import { readNodes } from './node.js'
import { planFields, step } from './plan.js'
import { rowOf } from './shape.js'
import { findSpot, wholeSpot } from './spot.js'
import { check, tidy } from './validate.js'

/** @typedef {import('./plan.js').Field} Field */
/** @typedef {import('./message.js').Problem} Problem */
/** @typedef {import('./shape.js').Children} Children */

/**
 * The words that problems are told in: what src/schema/messages.js exports.
 * @typedef {typeof english} Messages
 */
const english = { record, row, inRow, entry, sentences }

/**
 * A type as the server sends it.
 * @typedef {object} TypeText
 * @property {string} name
 * @property {number} version
 * @property {any} schema JSON Schema 2020-12, as the server accepted it; it must not change from then on
 * @property {Field[]|null} fields null for none, as Go has it
 */

/**
 * One version of a type. It changes nothing it is given, and reads the schema when a value
 * is first checked.
 *
 * Unlike the server it sets no bound to what checking may cost: a value that the server
 * refuses with the rule "size" may pass here.
 */
export class Schema {
  /** @type {{ by: import('./spot.js').Voice, root: import('./node.js').Node, whole: import('./spot.js').Spot }|undefined} */
  #read
  #top
  #messages

  /**
   * @param {TypeText} type
   * @param {{ messages?: Messages }} [options]
   */
  constructor ({ name, version, schema, fields }, { messages = english } = {}) {
    this.name = name
    this.version = version
    this.schema = schema
    this.fields = fields ?? []
    this.#top = planFields(this.fields, schema.title ?? '')
    this.#messages = messages
  }

  /** How the type merges. */
  get plan () { return this.#top.plan }

  /** The schema's own title, '' where it has none. */
  get title () { return this.#top.field.title }

  /**
   * The field at a path of a value: keys, and row ids or any key where the field's own path
   * has "*". Undefined when no such field is known.
   * @param {readonly string[]} path
   * @returns {Field|undefined}
   */
  field (path) {
    /** @type {import('./plan.js').Branch|undefined} */
    let at = this.#top
    for (const key of path) at = step(at, key)
    return path.length > 0 ? at?.field : undefined
  }

  /**
   * Checks a whole value. At most 100 problems, the same ones in the same order each time;
   * none means valid. A field that the server numbers may be absent.
   * @param {unknown} value
   * @returns {Problem[]}
   */
  validate (value) {
    const { by, root } = this.#compiled()
    return check(by, root, [], value)
  }

  /**
   * Checks one value for the field at path (row ids stand for rows). A path that the type
   * does not allow is a problem too. For a set, the value is one element when element is true.
   * @param {readonly string[]} path
   * @param {unknown} value
   * @param {boolean} [element]
   * @returns {Problem[]}
   */
  validateField (path, value, element = false) {
    const { spot, problem } = this.find(path)
    if (!spot) return [problem]
    return this.#checkAll(path, value, element ? elements(spot) : spot.children)
  }

  /**
   * Says what is wrong with an operation: whether the plan has it for its field, with a
   * value valid for it, and whether required fields stay.
   * @param {import('./checkop.js').Op} op
   * @returns {Problem[]}
   */
  checkOp (op) {
    const { by, whole } = this.#compiled()
    return checkOp(by, whole, op, (path, value, element) => this.validateField(path, value, element))
  }

  /**
   * The place that a path leads to, or the problem that says why there is none.
   * @param {readonly string[]} path
   */
  find (path) {
    const { by, whole } = this.#compiled()
    return findSpot(by, whole, path)
  }

  /**
   * Checks a value against what children asks of it.
   * @param {readonly string[]} path
   * @param {unknown} value
   * @param {Children} children
   * @returns {Problem[]}
   */
  #checkAll (path, value, { must, either, bound }) {
    const { by } = this.#compiled()
    if (must.length > 0 || !bound) return tidy(must.flatMap(n => check(by, n, path, value)))
    /** @type {Problem[]|undefined} */
    let nearest
    for (const n of either) {
      const found = check(by, n, path, value)
      if (!nearest || found.length < nearest.length) nearest = found
    }
    return nearest ?? []
  }

  /** Reads the schema, once. */
  #compiled () {
    if (!this.#read) {
      const root = readNodes(this.schema)
      const by = {
        top: this.#top,
        messages: this.#messages,
        isSerial: (/** @type {readonly string[]} */ path) => this.field(path)?.strategy === 'serial'
      }
      this.#read = { by, root, whole: wholeSpot(by, root) }
    }
    return this.#read
  }
}

/**
 * The schemas of the elements of a set.
 * @param {import('./spot.js').Spot} spot
 */
function elements (spot) { return rowOf(spot.shape) }
