// The types that this device has, each in its latest version.

/** @import { Op } from '../crdt/change.js' */
/** @import { Field } from '../schema/schema.js' */
/** @import { Messages } from '../schema/schema.js' */
/** @import { Database } from './device.js' */
/** @import { Tx } from '../store/tx.js' */

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

/**
 * A type as this device has it.
 * @typedef {TypeWire & { title: string }} Type
 */

/** The latest version of a type. */
export class LocalType {
  /** @type {Schema | undefined} */
  #schema
  #messages

  /**
   * @param {TypeWire} wire
   * @param {Messages} [messages]
   */
  constructor (wire, messages) {
    this.#messages = messages
    /** @type {Type} */
    this.told = { ...wire, title: wire.schema.title || wire.name }
  }

  /** Made when it is first needed. */
  get schema () { return (this.#schema ??= new Schema(this.told, { messages: this.#messages })) }

  /**
   * Holds operations against the type and the grant, as the server will.
   * @param {Op[]} ops
   */
  check (ops) {
    for (const op of ops) {
      const path = op.path ?? []
      if (this.told.grant.readOnly?.includes(path[0])) {
        throw new FieldstackError('forbidden', `You may not change ${this.schema.field(path)?.title || path.join('/')}.`, { field: '/' + path[0] })
      }
      const problems = this.schema.checkOp(op)
      if (problems.length) throw invalid(problems)
    }
  }
}

/**
 * Reads the types that are stored.
 * @param {Database} db
 * @param {Tx} tx
 */
export async function loadTypes (db, tx) {
  /** @type {Map<string, LocalType>} */
  const types = new Map()
  for (const wire of /** @type {TypeWire[]} */ (await tx.types())) types.set(wire.name, new LocalType(wire, db.options.messages))
  return types
}
