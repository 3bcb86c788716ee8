// What somebody changed on an admin page and did not save, kept in this browser, so that
// a session that ends, a reload or an empty battery loses nothing.

import { keepDraft, readDraft } from '../record/drafts.js'

/**
 * @typedef {import('../form/edits.js').Edits} Edits
 * @typedef {import('../form/edits.js').Changes} Changes
 * @typedef {import('../record/drafts.js').Place} Place
 * @typedef {{changes: Changes, typed: [string, import('../form/state.js').Typed][]}} Unsaved
 */

/** The pages of the admin and the app of the same person keep theirs apart. @param {Place} place */
const apart = ({ me, type, id }) => ({ me: 'admin.' + me, type, id })

/**
 * @param {Place} place
 * @returns {Unsaved | undefined}
 */
export function readUnsaved (place) {
  const kept = /** @type {Unsaved | undefined} */ (readDraft(apart(place)))
  return kept?.changes?.patch && Array.isArray(kept.typed) ? kept : undefined
}

/**
 * Keeps what is changed and what is half typed; lets go of it when there is neither.
 * @param {Place} place
 * @param {import('../form/state.js').Form} form
 */
export function keepUnsaved (place, form) {
  const source = /** @type {Edits} */ (form.source)
  const typed = form.unwritten()
  const some = typed.length || source.changed.length
  keepDraft(apart(place), some ? { changes: source.changes(), typed } : undefined)
}

/** @param {Place} place */
export const dropUnsaved = (place) => keepDraft(apart(place), undefined)
