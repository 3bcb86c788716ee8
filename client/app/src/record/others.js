// What a form knows beside its record, on a device: whoever is signed in, and the records
// that are here.

import { nameOf } from '../list/fields.js'

/**
 * @param {any} db
 * @param {string} type whose form it is
 * @returns {import('../form/context.js').Others}
 */
export function othersOf (db, type) {
  const typeOf = (/** @type {string} */ name) => db.collection(name).type
  /** @param {string} of @param {any} document */
  const named = (of, { id, value }) => ({ id, label: typeOf(of) ? nameOf(typeOf(of), value) : id, href: `#/${of}/${id}` })
  return {
    me: db.who?.name ?? '',
    has: (of) => !!typeOf(of),
    async find (of, text, limit) {
      const found = await db.collection(of).find(undefined, { search: text || undefined, limit })
      return found.map((/** @type {any} */ document) => named(of, document))
    },
    async named (of, id) {
      const document = await db.collection(of).get(id)
      return document ? named(of, document) : null
    },
    async known ({ key }) {
      const found = await db.collection(type).find({ field: key, empty: false }, { limit: 200 })
      return [...new Set(found.map((/** @type {any} */ { value }) => value[key]).filter((/** @type {unknown} */ one) => typeof one === 'string'))].sort()
    }
  }
}
