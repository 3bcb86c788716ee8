// What a form on an admin page knows beside its record: the page gives it, as functions.

/**
 * @typedef {import('../form/context.js').Others} Others
 * @typedef {import('../form/context.js').Named} Named
 *
 * @typedef {object} Look
 * @property {string} [me] the name that the person signs in with
 * @property {(type: string, text: string) => Promise<Named[]>} [refer] records of a type, by what they hold
 * @property {(type: string, id: string) => Promise<Named | null>} [named] what a record is called; left out, it is looked for among those that refer gives
 * @property {(text: string) => Promise<string[]>} [persons] names that people sign in with
 */

/**
 * @param {Look} [look]
 * @returns {Others}
 */
export function othersOf (look = {}) {
  const { me = '', refer, named, persons } = look
  return {
    me,
    has: () => !!refer,
    find: async (type, text, limit) => (await refer?.(type, text) ?? []).slice(0, limit),
    async named (type, id) {
      if (named) return named(type, id)
      return (await refer?.(type, id))?.find((one) => one.id === id) ?? null
    },
    known: async ({ kind }) => kind === 'person' ? await persons?.('') ?? [] : []
  }
}
