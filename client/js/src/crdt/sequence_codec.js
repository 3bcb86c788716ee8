// How a sequence is written: the number of its runs and then the runs in order. A run is: a
// head; the replica if it is another than that of the run before (of the first: than the first
// in the table); the first number, if it is not the expected one, as the distance from it; the
// length, unless it is one; and those origins that the head names. Expected is the number
// behind the last run of the same replica.
//
// A head is one byte: flags, and one form for each origin. The forms are made for what people
// do: typing goes on behind the element before, a cut splits a run in two, an insertion in the
// middle of a text is put before the rest of it.

/** @import { Wire } from './wire.js' */
/** @import { Dot } from './stamp.js' */
/** @import { Run } from './run.js' */

import { RunTable } from './sequence_origins.js'
import { dotAt, newRun, same } from './run.js'
import { MAX_SEQ } from './stamp.js'
import { bits } from './wire.js'

const DELETED = 1
const REPLICA = 2
const SINGLE = 64
const DISTANCE = 128

const AFTER = 12 // 0: the element just before in the sequence
const AFTER_OWN = 4 // the one numbered one less; the right origin is that one's too
const AFTER_SHARED = 8 // that of the run just behind, which is the right origin
const AFTER_NAMED = 12

const BEFORE = 48 // 0: the end
const BEFORE_NEXT = 16 // the first element of the run just behind
const BEFORE_SHARED = 32 // that of the left origin
const BEFORE_NAMED = 48

/**
 * Reads or writes a table, every origin in the first form that fits. Of one that is read the
 * origins that are those of other runs are left to resolveOrigins.
 * @param {Wire} w
 * @param {RunTable} [t] with runs that are as long as can be; undefined: it is read
 */
export function codeRuns (w, t) {
  const expected = new Map()
  let replica = w.replicas[0]
  /** @type {number[]} */
  const heads = []
  /** @type {Run | undefined} */
  let last
  const runs = w.list(t?.runs, (r, i) => {
    const turns = r && r.replica !== replica
    const far = r && r.seq !== (expected.get(r.replica) ?? 1)
    const head = w.byte(t && r && originForms(t, i) + bits(r.deleted, turns) + 64 * bits(r.n === 1, far))
    if (head & REPLICA) replica = w.named(r?.replica)
    const next = expected.get(replica) ?? 1
    const seq = head & DISTANCE ? w.near(next, r?.seq) : next
    const n = head & SINGLE ? 1 : w.number(r?.n)
    expected.set(replica, seq + n)
    const q = newRun({ replica, seq }, n, undefined, undefined, (head & DELETED) > 0)
    const after = head & AFTER
    q.after = after === AFTER_NAMED ? codeOrigin(w, r?.after) : after ? dotAt(q, -1) : lastOf(last)
    if ((head & BEFORE) === BEFORE_NAMED) q.before = codeOrigin(w, r?.before)
    if (last && (heads[i - 1] & BEFORE) === BEFORE_NEXT) last.before = dotAt(q, 0)
    heads.push(head)
    w.need(n && seq > 0 && seq + n <= MAX_SEQ + 1)
    return (last = q)
  })
  return new RunTable(runs, heads)
}

/**
 * The head bits for the origins of the i-th run.
 * @param {RunTable} t
 * @param {number} i
 */
function originForms (t, i) {
  const { runs } = t
  const r = runs[i]
  const next = runs[i + 1]
  const shared = r.after && same(runs[t.holder(r.after, i - 1)].before, r.before)
  if (shared && same(r.after, dotAt(r, -1))) return AFTER_OWN
  const before = !r.before ? 0 : next && same(r.before, next) ? BEFORE_NEXT : shared ? BEFORE_SHARED : BEFORE_NAMED
  if (same(r.after, lastOf(runs[i - 1]))) return before
  return before | (before === BEFORE_NEXT && same(r.after, next.after) ? AFTER_SHARED : AFTER_NAMED)
}

/**
 * The last element of a run.
 * @param {Run} [r]
 */
const lastOf = r => r && dotAt(r, r.n - 1)

/**
 * An origin, or none.
 * @param {Wire} w
 * @param {Dot} [d]
 */
function codeOrigin (w, d) {
  const place = w.number(d && (w.places.get(d.replica) ?? 0) + 1)
  return place ? { replica: w.replicaAt(place - 1), seq: w.number(d?.seq) } : undefined
}

/**
 * Finds the origins that are those of another run.
 * @param {RunTable} t
 * @param {number[]} heads
 */
export function resolveOrigins (t, heads) {
  const { runs } = t
  for (let i = runs.length - 2; i >= 0; i--) { // from the end: the run behind comes first
    if ((heads[i] & AFTER) === AFTER_SHARED) runs[i].after = runs[i + 1].after
  }
  for (const [i, q] of runs.entries()) {
    if ((heads[i] & BEFORE) !== BEFORE_SHARED && (heads[i] & AFTER) !== AFTER_OWN) continue
    const left = q.after ? t.holder(q.after, i - 1) : -1
    if (left < 0 || left >= i) throw new Error('crdt: the left origin of a run is not before it')
    q.before = runs[left].before
  }
}
