// What a record is called where there is room for one line.

/**
 * The number that the server gave and the first short text, or what there is of them.
 * @param {Pick<import('./model.js').Type, 'fields'>} type
 * @param {any} value
 * @returns {string} '' when there is neither
 */
export function recordTitle (type, value) {
  const own = type.fields.filter(({ path }) => path.length === 1)
  const serial = own.find(({ strategy }) => strategy === 'serial')
  const isText = (/** @type {import('./model.js').Field} */ f) => f.type === 'string' && f.strategy === 'register' && !f.enum && !f.format && !f.reference
  const first = own.find((field) => isText(field) && filled(value?.[field.path[0]])) ?? own.find((field) => field !== serial && filled(value?.[field.path[0]]))
  return [serial, first].map((field) => field && value?.[field.path[0]]).filter(filled).join(' · ')
}

/** @param {unknown} v */
const filled = (v) => (typeof v === 'string' && v.trim() !== '') || typeof v === 'number'
