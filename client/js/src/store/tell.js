// Telling those who listen.

/**
 * Adds a listener to a set; what it gives takes it out again.
 * @template T
 * @param {Set<T>} set
 * @param {T} fn
 * @returns {() => void}
 */
export function join (set, fn) {
  set.add(fn)
  return () => { set.delete(fn) }
}

/**
 * Calls all of a set. One that throws does not keep the others from hearing.
 * @template {unknown[]} A
 * @param {Set<(...args: A) => void>} set
 * @param {A} args
 */
export function tell (set, ...args) {
  for (const fn of [...set]) {
    try {
      fn(...args)
    } catch (error) {
      queueMicrotask(() => { throw error })
    }
  }
}
