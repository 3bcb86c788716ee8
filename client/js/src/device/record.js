// A document as programs get it.

/** @import { Document as State } from '../crdt/document.js' */
/** @import { Problem } from '../schema/schema.js' */
/** @import { Row } from '../store/row.js' */
/** @import { Collection } from './collection.js' */

import { see } from './view.js'

/**
 * A document as the person at the device sees it at one moment: confirmed and pending, merged.
 * It never changes; an edit makes another. Nobody changes its value.
 */
export class Document {
  #row
  #collection
  /** @type {State | undefined} */
  #state
  /** @type {{ type: unknown, problems: Problem[] } | undefined} */
  #checked

  /**
   * @internal
   * @param {Row} row
   * @param {Collection} collection
   */
  constructor (row, collection) {
    this.#row = row
    this.#collection = collection
    this.id = row.id
    this.type = collection.name
    /** In the trash. */
    this.deleted = row.deleted
    /** Has changes that the server has not acknowledged. */
    this.pending = row.pending
    /** When it was made, ms since 1970; null: not known. */
    this.created = row.created
    /** Who made it. */
    this.createdBy = row.createdBy
    /** When it was last changed, ms since 1970. */
    this.updated = row.updated
    this.updatedBy = row.updatedBy
  }

  /** The record, as plain JSON. */
  get value () { return this.#row.value }

  /** What of it breaks the latest type on the device. */
  get problems () {
    const { type } = this.#collection
    if (this.#checked?.type !== type) this.#checked = { type, problems: type?.validate(this.value) ?? [] }
    return this.#checked?.problems ?? []
  }

  /** Conflict fields that wait for a pick, with all their values. */
  get disagreements () { return this.#merged.disagreements() }

  /**
   * The rows of a list field with their ids, in order.
   * @param {string | string[]} path
   */
  rows (path) { return this.#merged.rows(toPath(path)) }

  get #merged () { return (this.#state ??= see(this.#row.rec, /** @type {any} */ (this.#row.changes))) }
}

/**
 * A field by its name or its path.
 * @param {string | string[]} path
 */
export const toPath = path => typeof path === 'string' ? [path] : path
