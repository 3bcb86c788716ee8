// Where a value stands in a record: keys, and the identity of a row where a list is on
// the way. Names that go into the page, into messages and back.

/** @typedef {string[]} Path */

/**
 * A path as one text, to look things up by.
 * @param {Path} path
 */
export const keyOf = (path) => path.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).map((step) => '/' + step).join('')

/**
 * The id of a control's element.
 * @param {Path} path
 */
export const elementId = (path) => 'f' + path.map((step) => '/' + encodeURIComponent(step)).join('')

/**
 * The steps of a JSON Pointer.
 * @param {string} pointer
 * @returns {Path}
 */
export const stepsOf = (pointer) => pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/**
 * Whether two plain JSON values are the same.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function same (a, b) {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return a === b
  const [x, y] = [/** @type {{[key: string]: unknown}} */ (a), /** @type {{[key: string]: unknown}} */ (b)]
  const keys = Object.keys(x)
  return keys.length === Object.keys(y).length && keys.every((key) => Object.hasOwn(y, key) && same(x[key], y[key]))
}

/**
 * A value in which what stands at a path is another; undefined takes it out. Nothing
 * given is changed. Steps into a list are positions.
 * @param {unknown} value
 * @param {Path} path
 * @param {unknown} next
 * @returns {any}
 */
export function withValue (value, path, next) {
  if (!path.length) return next
  const [step, ...rest] = path
  if (Array.isArray(value)) {
    const changed = [...value]
    const below = withValue(value[Number(step)], rest, next)
    if (below === undefined) changed.splice(Number(step), 1)
    else changed[Number(step)] = below
    return changed
  }
  /** @type {{[key: string]: unknown}} */
  const changed = { .../** @type {object} */ (value ?? {}) }
  const below = withValue(changed[step], rest, next)
  if (below === undefined) delete changed[step]
  else changed[step] = below
  return changed
}
