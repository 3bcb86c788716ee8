// What can go wrong in a way that somebody can mend.

/** @import { Problem } from '../schema/schema.js' */

/**
 * A mistake that the person at the device, or the program that drives it, can mend. Codes are
 * those of the protocol (`invalid`, `forbidden`, `not_found`, `unauthorized` …), and of the
 * device itself: `offline` when no server answered, `pending` when unsent work would be lost,
 * `closed` after close().
 */
export class FieldstackError extends Error {
  /**
   * @param {string} code
   * @param {string} message a sentence for a person
   * @param {{ field?: string, problems?: Problem[], cause?: unknown }} [more] field: JSON Pointer
   *   into the value; problems: all that the type says of it, found on the device
   */
  constructor (code, message, { field, problems, cause } = {}) {
    super(message, { cause })
    this.name = 'FieldstackError'
    this.code = code
    this.field = field
    this.problems = problems
  }
}

/**
 * @param {unknown} error
 * @param {...string} codes
 * @returns {error is FieldstackError}
 */
export const hasCode = (error, ...codes) => error instanceof FieldstackError && codes.includes(error.code)

/**
 * No answer came, or none of a fieldstack server: what was asked may or may not have been done.
 * @param {unknown} cause
 */
export const offline = cause => cause instanceof FieldstackError ? cause : new FieldstackError('offline', 'No answer came from the server.', { cause })

/** @param {Problem[]} problems at least one */
export const invalid = problems => new FieldstackError('invalid', problems[0].message, { field: problems[0].path, problems })
