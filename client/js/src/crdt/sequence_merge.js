// What one sequence has to learn from another.

/** @import { Run } from './run.js' */
/** @import { Sequence } from './sequence.js' */
/** @import { Span } from './stamp.js' */

import { cut } from './sequence_cut.js'
import { put } from './sequence_insert.js'
import { RunTable } from './sequence_origins.js'
import { holds, newRun, part, shown } from './run.js'
import { runAt } from './sequence.js'

/**
 * runs: those that one has and the other has not, and what they show; removed: elements that
 * the one has removed and the other may not have.
 * @typedef {{ runs: { run: Run, text: string }[], removed: Span[] }} News
 */

/**
 * What s has to learn from other, which shows text; '' if it has no content.
 * @param {Sequence} s
 * @param {Sequence} other
 * @param {string} text
 */
export function newsFrom (s, other, text) {
  /** @type {News} */
  const news = { runs: [], removed: [] }
  const points = text.length === other.size ? text : [...text]
  let pos = 0 // visible elements of other before the run
  for (const r of other.all()) {
    const p = s.find(r)
    const known = p && p.offset + r.n <= runAt(p).n
    if (!known) {
      for (const gap of gaps(s, r)) {
        const from = gap.seq - r.seq
        const shows = r.deleted ? '' : points.slice(pos + from, pos + from + gap.length)
        news.runs.push({ run: part(r, from, gap.length), text: typeof shows === 'string' ? shows : shows.join('') })
      }
    }
    if (r.deleted && !(known && runAt(p).deleted)) news.removed.push({ replica: r.replica, seq: r.seq, length: r.n })
    pos += shown(r)
  }
  return news
}

/**
 * Takes in what there is to learn.
 * @param {Sequence} s
 * @param {News} news
 */
export function mergeNews (s, { runs, removed }) {
  for (const i of new RunTable(runs.map(a => a.run)).byOrigin()) put(s, runs[i].run, runs[i].text)
  if (removed.length) cut(s, removed)
}

/**
 * What of a run the sequence does not have.
 * @param {Sequence} s
 * @param {Run} q
 */
function gaps (s, q) {
  const end = q.seq + q.n
  /** @type {Run[]} */
  const here = []
  for (let from = q.seq; from < end;) {
    const { leaf, next } = s.extentAt({ replica: q.replica, seq: from })
    const to = Math.min(next, end)
    const piece = newRun({ replica: q.replica, seq: from }, to - from)
    if (leaf) for (const r of leaf.runs) if (holds(r, piece) || holds(piece, r)) here.push(r)
    from = to
  }
  /** @type {Span[]} */
  const gaps = []
  let from = q.seq
  for (const r of here.sort((a, b) => a.seq - b.seq)) {
    if (r.seq > from) gaps.push({ replica: q.replica, seq: from, length: r.seq - from })
    from = Math.max(from, r.seq + r.n)
  }
  if (from < end) gaps.push({ replica: q.replica, seq: from, length: end - from })
  return gaps
}
