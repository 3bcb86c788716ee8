// Runs: what a sequence is made of. Elements that stand next to each other are mostly made one
// after the other, and stored together.

/** @import { Dot } from './stamp.js' */

/**
 * A stretch of elements that stand together, were made one after the other, and are all visible
 * or all removed. replica and seq name the first; after is the left origin of the first (each
 * further one has the one before it), undefined the start; before is the right origin of all,
 * undefined the end.
 * @typedef {object} Run
 * @property {string} replica
 * @property {number} seq
 * @property {number} n how many, at least one
 * @property {Dot | undefined} after
 * @property {Dot | undefined} before
 * @property {boolean} deleted
 */

/**
 * So many elements of one replica with consecutive numbers.
 * @typedef {Dot & { n: number }} Stretch
 */

/**
 * Takes apart the text of an element that is known to be one.
 * @param {string} dot
 * @returns {Dot}
 */
export const dotOf = dot => ({ replica: dot.slice(0, 16), seq: +dot.slice(17) })

/**
 * Takes apart the text of a span that is known to be one.
 * @param {string} span
 * @returns {Stretch}
 */
export function stretchOf (span) {
  const [dot, n] = span.split('+')
  return { ...dotOf(dot), n: +n }
}

/**
 * The text of an element.
 * @param {Dot} d
 */
export const textOf = d => d.replica + '.' + d.seq

/**
 * Makes a run.
 * @param {Dot} id
 * @param {number} n
 * @param {Dot} [after]
 * @param {Dot} [before]
 * @returns {Run}
 */
export const newRun = (id, n, after, before, deleted = false) => ({ replica: id.replica, seq: id.seq, n, after, before, deleted })

/**
 * The i-th element of a run.
 * @param {Dot} r
 * @param {number} i
 * @returns {Dot}
 */
export const dotAt = (r, i) => ({ replica: r.replica, seq: r.seq + i })

/**
 * How many elements of a run are visible.
 * @param {Run} r
 */
export const shown = r => r.deleted ? 0 : r.n

/**
 * Whether two are the same element.
 * @param {Dot} [a]
 * @param {Dot} [b]
 */
export const same = (a, b) => a === b || (!!a && !!b && a.seq === b.seq && a.replica === b.replica)

/**
 * Whether d is an element of the run; then it is the one at d.seq - r.seq.
 * @param {Stretch} r
 * @param {Dot} d
 */
export const holds = (r, d) => d.seq >= r.seq && d.seq < r.seq + r.n && d.replica === r.replica

/**
 * The run of n elements from the i-th on.
 * @param {Run} r
 * @param {number} i
 * @param {number} n
 * @param {boolean} [deleted]
 */
export const part = (r, i, n, deleted = r.deleted) => newRun(dotAt(r, i), n, i ? dotAt(r, i - 1) : r.after, r.before, deleted)

/**
 * Whether q goes on where r ends, so that both are one run.
 * @param {Run} r
 * @param {Run} q
 */
export const joins = (r, q) => q.seq === r.seq + r.n && q.replica === r.replica && q.deleted === r.deleted &&
  !!q.after && q.after.seq === q.seq - 1 && q.after.replica === q.replica && same(q.before, r.before)

/**
 * Puts q behind runs, as part of the last one where it goes on from there. That one must be the
 * caller's to change.
 * @param {Run[]} runs
 * @param {Run} q
 */
export function appendRun (runs, q) {
  const last = runs[runs.length - 1]
  if (last && joins(last, q)) last.n += q.n
  else runs.push(q)
}
