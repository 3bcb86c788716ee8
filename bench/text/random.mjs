// Random edits, the same as random.go makes on the Go side.

/**
 * Edits of one character at random places of a text: two insertions to one deletion.
 * @param {number} length of the text before @param {number} n @param {number} seed
 * @returns {import('./trace.mjs').Patch[]}
 */
export function randomEdits (length, n, seed) {
  let state = seed >>> 0
  const below = bound => { // linear congruential, constants of Numerical Recipes
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state * bound / 2 ** 32)
  }
  return Array.from({ length: n }, (_, i) => {
    const at = below(length)
    if (i % 3 === 2) {
      length--
      return [at, 1, '']
    }
    length++
    return [at, 0, 'x']
  })
}
