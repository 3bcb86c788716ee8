// How a sequence is written: the number of its runs and then the runs in order. A run is: a
// head; the replica if it is another than that of the run before (of the first: than the first
// in the table); the first number, if it is not the expected one, as the distance from it; the
// length, unless it is one; and those origins that the head names. Expected is the number
// behind the last run of the same replica.
//
// A head is one byte: flags, and one form for each origin. The forms are made for what people
// do: typing goes on behind the element before, a cut splits a run in two, an insertion in the
// middle of a text is put before the rest of it.

/** @import { Reader, Writer } from './wire.js' */
/** @import { Dot } from './stamp.js' */
/** @import { Run } from './run.js' */

import { RunTable } from './sequence_origins.js'
import { dotAt, newRun, same } from './run.js'

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
 * Follows the runs and knows the number each replica's next run is expected to begin with.
 */
class Numbering {
  /** @type {Map<string, number>} */
  expected = new Map()

  /** @param {string | undefined} replica of the run now */
  constructor (replica) {
    this.replica = replica ?? ''
  }

  next () { return this.expected.get(this.replica) ?? 1 }
}

/**
 * Writes the table, every origin in the first form that fits.
 * @param {Writer} w
 * @param {RunTable} t with runs that are as long as can be
 */
export function writeRuns (w, t) {
  w.number(t.runs.length)
  const numbers = new Numbering(w.places.keys().next().value)
  for (const [i, r] of t.runs.entries()) {
    const turn = r.replica !== numbers.replica
    numbers.replica = r.replica
    const distance = r.seq - numbers.next()
    const forms = originForms(t, i)
    w.bytes.push(forms | (r.deleted ? DELETED : 0) | (turn ? REPLICA : 0) | (r.n === 1 ? SINGLE : 0) | (distance ? DISTANCE : 0))
    if (turn) w.number(w.place(r.replica))
    if (distance) w.signed(distance)
    if (r.n > 1) w.number(r.n)
    if ((forms & AFTER) === AFTER_NAMED) writeOrigin(w, r.after)
    if ((forms & BEFORE) === BEFORE_NAMED) writeOrigin(w, r.before)
    numbers.expected.set(r.replica, r.seq + r.n)
  }
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
 * @param {Writer} w
 * @param {Dot} [d]
 */
function writeOrigin (w, d) {
  w.number(d ? w.place(d.replica) + 1 : 0)
  if (d) w.number(d.seq)
}

/**
 * @param {Reader} r
 * @returns {Dot | undefined}
 */
function readOrigin (r) {
  const place = r.number()
  return place ? { replica: r.replicaAt(place - 1), seq: r.number() } : undefined
}

/**
 * Reads what writeRuns wrote. The origins that are those of other runs are left to
 * resolveOrigins.
 * @param {Reader} r
 */
export function readRuns (r) {
  const n = r.count(1)
  const numbers = new Numbering(r.replicas[0])
  const heads = new Uint8Array(n)
  /** @type {Run[]} */
  const runs = []
  for (let i = 0; i < n; i++) {
    const head = heads[i] = r.byte()
    const q = readRun(r, head, numbers)
    if (!(head & AFTER)) q.after = lastOf(runs[i - 1])
    if ((heads[i - 1] & BEFORE) === BEFORE_NEXT) runs[i - 1].before = dotAt(q, 0)
    runs.push(q)
  }
  return new RunTable(runs, heads)
}

/**
 * Reads what follows the head of a run.
 * @param {Reader} r
 * @param {number} head
 * @param {Numbering} numbers
 */
function readRun (r, head, numbers) {
  if (head & REPLICA) numbers.replica = r.named()
  const seq = numbers.next() + (head & DISTANCE ? Number(r.signed()) : 0)
  const n = head & SINGLE ? 1 : r.number()
  r.need(n && seq > 0 && seq + n - 1 <= Number.MAX_SAFE_INTEGER && numbers.replica)
  numbers.expected.set(numbers.replica, seq + n)
  const q = newRun({ replica: numbers.replica, seq }, n, undefined, undefined, (head & DELETED) > 0)
  const form = head & AFTER
  if (form === AFTER_NAMED) q.after = readOrigin(r)
  if (form === AFTER_OWN) q.after = dotAt(q, -1)
  if ((head & BEFORE) === BEFORE_NAMED) q.before = readOrigin(r)
  return q
}

/**
 * Finds the origins that are those of another run.
 * @param {RunTable} t
 * @param {Uint8Array} heads
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
