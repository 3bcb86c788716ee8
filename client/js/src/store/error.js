// Why the store could not do something, as a sentence for a person.

const sentences = {
  closed: 'The store is closed.',
  failed: 'The browser could not use its storage. Nothing of this was kept; try again.',
  full: 'This device has no room left, so this was not kept; all before is. Make room, or send what is pending, and try again.',
  lost: 'The browser has removed what this device kept. Open it again and sync.',
  unavailable: 'This browser lets the page keep nothing. Leave private browsing, or allow storage for this site.'
}

/** An error of the store. `cause` is what the browser said. */
export class StoreError extends Error {
  /**
   * @param {keyof typeof sentences} code `full`: no room, nothing was kept; `lost`: the
   *   browser removed the database; `unavailable`: it gives none; `closed`; `failed`
   * @param {unknown} [cause]
   */
  constructor (code, cause) {
    super(sentences[code], { cause })
    this.name = 'StoreError'
    this.code = code
  }
}

/**
 * What an error of IndexedDB means; any other error is given back as it is.
 * @param {unknown} error
 * @returns {unknown}
 */
export function storeError (error) {
  return error instanceof DOMException ? new StoreError(error.name === 'QuotaExceededError' ? 'full' : 'failed', error) : error
}
