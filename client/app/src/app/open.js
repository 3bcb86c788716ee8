import { open as openDevice } from '../../../js/src/index.js'
import { version } from '../../../js/package.json'
import { messages } from '../words/problems.js'

/**
 * Opens this browser as a device of the server that the app came from, which keeps level
 * with it by itself.
 * @returns {Promise<import('./types.js').Database>}
 */
export const open = () => openDevice({ name: 'app', app: `Field app ${version}`, messages })
