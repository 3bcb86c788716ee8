// What one sequence has to learn from another.

/** @import { Run, Stretch } from './run.js' */
/** @import { Sequence } from './sequence.js' */

import { cut } from './sequence_cut.js'
import { put } from './sequence_insert.js'
import { RunTable } from './sequence_origins.js'
import { holds, part, shown } from './run.js'
import { runAt } from './sequence.js'

/**
 * runs: those that one has and the other has not, and what they show; removed: elements that
 * the one has removed and the other may not have.
 * @typedef {{ runs: { run: Run, text: string }[], removed: Stretch[] }} News
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
        const shows = r.deleted ? '' : points.slice(pos + from, pos + from + gap.n)
        news.runs.push({ run: part(r, from, gap.n), text: typeof shows === 'string' ? shows : shows.join('') })
      }
    }
    if (r.deleted && !(known && runAt(p).deleted)) news.removed.push(r)
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
  for (const i of byOrigin(new RunTable(runs.map(a => a.run)))) put(s, runs[i].run, runs[i].text)
  if (removed.length) cut(s, removed)
}

/**
 * What of a run the sequence does not have.
 * @param {Sequence} s
 * @param {Run} q
 */
function gaps (s, q) {
  const { replica } = q
  const end = q.seq + q.n
  /** @type {Stretch[]} */
  const here = [{ replica, seq: end, n: 0 }]
  for (let seq = q.seq; seq < end;) {
    const { leaf, next } = s.extentAt({ replica, seq })
    const piece = { replica, seq, n: Math.min(next, end) - seq }
    if (leaf) here.push(...leaf.runs.filter(r => holds(r, piece) || holds(piece, r)))
    seq += piece.n
  }
  /** @type {Stretch[]} */
  const gaps = []
  let { seq } = q
  for (const r of here.sort((a, b) => a.seq - b.seq)) {
    if (r.seq > seq) gaps.push({ replica, seq, n: r.seq - seq })
    seq = Math.max(seq, r.seq + r.n)
  }
  return gaps
}

/**
 * Lists the runs of a table so that each comes after those that hold its origins, where those
 * are here. It is a walk with a stack of its own, as origins can be a long chain.
 * @param {RunTable} t
 */
function byOrigin (t) {
  /** @type {number[]} */
  const order = []
  const state = new Uint8Array(t.runs.length) // 1: begun, 2: done
  for (let root = 0; root < state.length; root++) {
    for (const stack = [root]; stack.length;) {
      const i = stack[stack.length - 1]
      if (!state[i]) {
        state[i] = 1
        const { after, before } = t.runs[i]
        for (const at of [after, before].map(d => d ? t.holder(d, i) : -1)) if (state[at] === 0) stack.push(at)
        continue
      }
      stack.pop()
      if (state[i] === 1) order.push(i)
      state[i] = 2
    }
  }
  return order
}
