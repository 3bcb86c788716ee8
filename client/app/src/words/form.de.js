// German: what forms and records say. Same keys as form.en.js.

/** @type {Record<keyof typeof import('./form.en.js').formEn, import('./words.js').Phrase>} */
export const formDe = {
}
