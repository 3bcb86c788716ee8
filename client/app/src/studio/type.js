// A type as GET /api/_types gives it, read for a form: what checks its values, and what
// the form is made of.

import { Schema } from '../../../js/src/schema/schema.js'
import { sectionsOf } from '../form/model.js'
import { rulesOf } from '../form/rules.js'
import { messages } from '../words/problems.js'

/**
 * @typedef {import('../form/model.js').Type} Type
 * @typedef {import('../form/model.js').Section} Section
 */

/**
 * @param {Type} type
 * @param {string} [me] who works with it, for conditions that ask
 */
export function readType (type, me = '') {
  const schema = new Schema(/** @type {any} */ ({ version: 1, ...type }), { messages: /** @type {any} */ (messages) })
  return {
    type,
    schema,
    title: type.title || schema.title || type.name,
    sections: sectionsOf({ ...type, fields: type.fields ?? [] }),
    rules: rulesOf(/** @type {any} */ (schema), () => ({ me, now: Date.now() }))
  }
}

/** @typedef {ReturnType<typeof readType>} Read */
