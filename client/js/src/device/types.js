// The types that this device has, each in its latest version.

/** @import { Op } from '../crdt/change.js' */
/** @import { Field, Messages } from '../schema/schema.js' */

import { Schema } from '../schema/schema.js'
import { FieldstackError, invalid } from './error.js'

/**
 * A type as it travels, and as it is stored.
 * @typedef {object} TypeWire
 * @property {string} name
 * @property {number} version
 * @property {any} schema JSON Schema
 * @property {Field[]} fields
 * @property {{ create: boolean, readOnly?: string[] }} grant what the person may do
 */

/** A type as this device has it, in its latest version. */
export class Type extends Schema {
  /**
   * @internal
   * @param {TypeWire} wire
   * @param {Messages} [messages]
   */
  constructor (wire, messages) {
    super(wire, { messages })
    /** What the person may do. */
    this.grant = wire.grant
  }

  /** What people call it. */
  get title () { return super.title || this.name }

  /**
   * Holds operations against the type and the grant, as the server will.
   * @internal
   * @param {Op[]} ops
   */
  check (ops) {
    for (const op of ops) {
      const path = op.path ?? []
      if (this.grant.readOnly?.includes(path[0])) {
        throw new FieldstackError('forbidden', `You may not change ${this.field(path)?.title || path.join('/')}.`, { field: '/' + path[0] })
      }
      const problems = this.checkOp(op)
      if (problems.length) throw invalid(problems)
    }
  }
}
