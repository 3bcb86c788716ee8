/** @import { Document } from './document.js' */

/**
 * @param {Document} a
 * @param {Document} b
 */
export function level (a, b) {
  return [a, b]
}
