import { open as openDevice } from '../testing/double.js'

/**
 * Opens this browser as a device of the server that the app came from.
 * @returns {Promise<import('./types.js').Database>}
 */
export const open = () => openDevice()
