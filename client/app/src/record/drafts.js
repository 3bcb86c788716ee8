// New records that are not saved yet, kept in this browser, one for each type and
// person, so that a reload or a dead battery loses nothing.

/** @param {string} me @param {string} type */
const name = (me, type) => `fieldstack.draft.${me}.${type}`

/**
 * What was begun and not saved; undefined when nothing was.
 * @param {string} me
 * @param {string} type
 * @returns {{[key: string]: unknown} | undefined}
 */
export function readDraft (me, type) {
  try {
    const value = JSON.parse(localStorage.getItem(name(me, type)) ?? 'null')
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {string} me
 * @param {string} type
 * @param {{[key: string]: unknown} | undefined} value undefined lets go of it
 * @returns {boolean} whether the browser could keep it
 */
export function keepDraft (me, type, value) {
  try {
    if (value) localStorage.setItem(name(me, type), JSON.stringify(value))
    else localStorage.removeItem(name(me, type))
    return true
  } catch {
    return false
  }
}
