// Searching what is in order.

/**
 * The first of n that is not before, where those that are come first.
 * @param {number} n
 * @param {(i: number) => boolean} before
 */
export function firstNot (n, before) {
  let low = 0
  while (low < n) {
    const middle = (low + n) >>> 1
    if (before(middle)) low = middle + 1
    else n = middle
  }
  return low
}

/**
 * Entries in the order of their keys, by UTF-16 units.
 * @template V
 * @param {Iterable<[string, V]>} entries
 */
export const inOrder = entries => [...entries].sort((a, b) => a[0] < b[0] ? -1 : 1)
