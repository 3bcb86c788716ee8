// What the app takes from the SDK, by the names the app uses.

/** @typedef {import('../../../js/src/index.js').Database} Database */
/** @typedef {import('../../../js/src/index.js').Document} Document */
/** @typedef {Pick<import('../../../js/src/index.js').Type, 'name' | 'version' | 'title' | 'schema' | 'grant' | 'fields'>} Type */
/** @typedef {import('../../../js/src/index.js').Status} Status */
/** @typedef {import('../../../js/src/index.js').Condition} Condition */
/** @typedef {import('../../../js/src/index.js').Refusal} Refused */
/** @typedef {import('../../../js/src/schema/schema.js').Field} Field */
/** @typedef {import('../../../js/src/crdt/change.js').Change} Change */
/** @typedef {import('../../../js/src/crdt/change.js').Op} Op */
/**
 * @template T
 * @typedef {import('../../../js/src/index.js').Live<T>} Live
 */

export {}
