// What somebody typed and the device does not have yet, kept in this browser so that a
// reload or an empty battery loses nothing: a new record that is not saved, and fields
// of a record that could not be written as they stand.

/**
 * @typedef {{me: string, type: string, id: string}} Place whose it is and what of: `new`, or the id of a record
 */

/** @param {Place} place */
const name = ({ me, type, id }) => `fieldstack.draft.${me}.${type}.${id}`

/**
 * What was typed; undefined when nothing is kept.
 * @param {Place} place
 * @returns {object | undefined}
 */
export function readDraft (place) {
  try {
    const value = JSON.parse(localStorage.getItem(name(place)) ?? 'null')
    return value && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {Place} place
 * @param {object | undefined} value undefined lets go of it
 */
export function keepDraft (place, value) {
  try {
    if (value) localStorage.setItem(name(place), JSON.stringify(value))
    else localStorage.removeItem(name(place))
  } catch {
    // A browser that keeps nothing has no device either; the form works on.
  }
}
