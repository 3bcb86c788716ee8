// An object whose fields merge one by one. The document's value is one.

/** @import { Author, Node } from './node.js' */
/** @import { Op, Strategy } from './change.js' */
/** @import { Value } from './value.js' */

import { Ensured } from './ensure.js'
import { newNode } from './node.js'
import { inOrder } from './search.js'

export class MapField extends Ensured {
  /** @type {Map<string, Node>} */
  children = new Map()

  get strategy () { return 'map' }

  value () {
    const object = this.object()
    return this.hidden && !Object.keys(object).length ? undefined : object
  }

  /** @returns {boolean} */
  shows () { return !this.hidden || [...this.children.values()].some(field => field.shows()) }

  /** The fields that show. */
  object () {
    /** @type {{ [key: string]: Value }} */
    const object = {}
    for (const [key, field] of this.ordered()) {
      const v = field.value()
      if (v !== undefined) object[key] = v
    }
    return object
  }

  /** The fields as canonical JSON orders keys: by their UTF-16 units. */
  ordered () {
    let last = ''
    for (const key of this.children.keys()) {
      if (key < last) return (this.children = new Map(inOrder(this.children)))
      last = key
    }
    return this.children
  }

  /** Lists the keys of all fields, those that do not show too. */
  keys () { return [...this.ordered().keys()] }

  clone () {
    const c = new MapField().copyWord(this)
    for (const [key, field] of this.ordered()) c.add(key, field.clone())
    return c
  }

  /**
   * Everything but ensure is for a field of the map.
   * @param {Op} op
   * @param {Author} by
   */
  apply (op, by) { if (op.kind === 'ensure') this.ensure(op, by) }

  /**
   * The field called key, undefined if there is none.
   * @param {string} key
   */
  child (key) { return this.children.get(key) }

  /**
   * The field called key, made if it is not there.
   * @param {string} key
   * @param {Strategy} s
   */
  childOf (key, s) { return this.children.get(key) ?? this.add(key, newNode(s)) }

  /**
   * Puts a field in that is not there.
   * @template {Node} N
   * @param {string} key
   * @param {N} field
   */
  add (key, field) {
    this.children.set(key, field)
    return field
  }
}
