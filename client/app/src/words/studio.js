// What the islands on admin pages say. Only they load it, so it is not in the app's catalogue.

import { studioDe } from './studio.de.js'
import { studioEn } from './studio.en.js'
import { language, say } from './words.js'

/** @typedef {keyof typeof studioEn} StudioKey */

/** @type {{[language: string]: Record<StudioKey, import('./words.js').Phrase>}} */
export const studioCatalogues = { en: studioEn, de: studioDe }

/**
 * The phrase of a key, with its parameters filled in.
 * @param {StudioKey} key
 * @param {import('./words.js').Params} [params] `n` chooses between one and many
 */
export const s = (key, params) => say((studioCatalogues[language()] ?? studioEn)[key], params)
