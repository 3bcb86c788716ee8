// English: what forms and records say. Same keys as form.de.js.

export const formEn = {
}
