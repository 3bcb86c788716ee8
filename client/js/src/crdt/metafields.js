// Writes fields. A field is a head and what the head says follows. The low three bits of the
// head are its kind; the bits above are flags, or a number. Fields are written in the order of
// the value's keys, and registers that stand next to each other and have one stamp share a
// head. Behind them come, with their keys, the fields of the map that do not show.

/** @import { Encoder } from './meta.js' */
/** @import { Node } from './node.js' */

import { canonical } from './canonical.js'
import { ConflictField } from './conflict.js'
import { CounterField, MAX_SUM, toMicros } from './counter.js'
import { ExtremeField } from './extreme.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { writeList } from './metalist.js'
import { RegisterField } from './register.js'
import { SetField } from './set.js'
import { dotAt, dotOf, textOf } from './run.js'
import { writeRuns } from './sequence_codec.js'
import { RunTable } from './sequence_origins.js'
import { bits } from './wire.js'

/** @import { Sequence } from './sequence.js' */
/** @import { TextField } from './text.js' */

/** The kinds of a head. */
export const KIND = { register: 0, conflict: 1, counter: 2, extreme: 3, set: 4, text: 5, list: 6, map: 7 }

/**
 * Writes a head.
 * @param {Encoder} e
 * @param {number} kind
 * @param {unknown[]} flags
 */
export const head = (e, kind, ...flags) => e.number(kind + 8 * bits(...flags))

/**
 * How many fields of a map do not show.
 * @param {MapField} f
 */
export const countHidden = f => [...f.children.values()].filter(field => !field.shows()).length

/**
 * Writes the fields of a map, so many of which do not show.
 * @param {Encoder} e
 * @param {MapField} f
 * @param {number} hidden
 */
export function writeFields (e, f, hidden) {
  let n = 0 // of registers that are not written yet
  let stamp = '' // which they have
  for (const field of f.ordered().values()) {
    if (!field.shows()) continue
    const register = field instanceof RegisterField
    if (n && register && field.stamp === stamp) {
      n++
      continue
    }
    if (n) writeRegisters(e, stamp, n)
    n = register ? 1 : 0
    if (register) stamp = field.stamp
    else writeField(e, field, true)
  }
  if (n) writeRegisters(e, stamp, n)
  if (hidden) e.number(hidden)
  for (const [key, field] of f.ordered()) {
    if (field.shows()) continue
    e.text(key)
    writeField(e, field, false)
  }
}

/**
 * Writes n registers that stand next to each other and have one stamp.
 * @param {Encoder} e
 * @param {string} stamp
 * @param {number} n
 */
function writeRegisters (e, stamp, n) {
  const usual = stamp === e.usual
  e.number((n - 1) * 16 + (usual ? 0 : 8))
  if (!usual) e.stamp(stamp)
}

/**
 * Writes one field.
 * @param {Encoder} e
 * @param {Node} f
 * @param {boolean} shows
 */
export function writeField (e, f, shows) {
  if (f instanceof RegisterField) writeRegisters(e, f.stamp, 1)
  else if (f instanceof ConflictField) writeConflict(e, f)
  else if (f instanceof CounterField) writeCounter(e, f, shows)
  else if (f instanceof ExtremeField) head(e, KIND.extreme, !f.max)
  else if (f instanceof SetField) writeSet(e, f)
  else if (f instanceof ListField) writeList(e, f)
  else if (f instanceof MapField) writeMap(e, f)
  else writeText(e, f)
}

/**
 * Writes what was said about showing while empty, if anything was.
 * @param {Encoder} e
 * @param {{ said: string, hidden: boolean }} f
 */
export function writeWord (e, f) {
  if (f.said) e.stamp(f.said, f.hidden)
}

/**
 * @param {Encoder} e
 * @param {MapField} f
 */
function writeMap (e, f) {
  const hidden = countHidden(f)
  const plain = f.children.size && !hidden && [...f.children.values()].every(field => field instanceof RegisterField && field.stamp === e.usual)
  head(e, KIND.map, f.said, hidden, plain)
  writeWord(e, f)
  if (!plain) writeFields(e, f, hidden)
}

/**
 * @param {Encoder} e
 * @param {ConflictField} f
 */
function writeConflict (e, f) {
  e.number(KIND.conflict + (f.candidates.length - 1) * 8)
  for (const [i, c] of f.candidates.entries()) {
    e.dot(c.id)
    e.stamp(c.stamp, c.value === undefined)
    if (i && c.value !== undefined) e.text(canonical(c.value)) // the first is the value
  }
}

/**
 * @param {Encoder} e
 * @param {CounterField} f
 * @param {boolean} shows
 */
function writeCounter (e, f, shows) {
  // The value of a counter, being what the sums add up to, mostly tells the last of them.
  const told = shows && f.sums.size > 0 && toMicros(f.number(), MAX_SUM) === f.total()
  e.number(KIND.counter + 8 * bits(f.said, told) + f.sums.size * 32)
  writeWord(e, f)
  for (const [i, replica] of [...f.sums.keys()].sort().entries()) {
    e.number(e.place(replica))
    if (!told || i < f.sums.size - 1) e.signed(shortSum(f.sum(replica)))
  }
}

/**
 * A sum of millionths without the zeros at its end, which it mostly has: the digits times seven
 * plus how many zeros there were.
 * @param {bigint} sum
 */
function shortSum (sum) {
  let zeros = 0n
  for (; zeros < 6n && sum % 10n === 0n; zeros++) sum /= 10n
  return sum * 7n + (sum < 0n ? -zeros : zeros)
}

/**
 * @param {Encoder} e
 * @param {SetField} f
 */
function writeSet (e, f) {
  const counting = isCounting(f)
  head(e, KIND.set, f.said, counting)
  writeWord(e, f)
  if (counting) return e.dot(f.elements[0].dots[0])
  for (const { dots } of f.elements) {
    for (const [i, dot] of dots.entries()) {
      const { replica, seq } = dotOf(dot)
      e.packed(seq, replica, 1, i < dots.length - 1)
    }
  }
}

/**
 * Whether each element has one dot and these count up, as when they were all added at once.
 * @param {SetField} f
 */
function isCounting ({ elements }) {
  const first = elements.length ? dotOf(elements[0].dots[0]) : undefined
  return first && elements.every(({ dots }, i) => dots.length === 1 && dots[0] === textOf(dotAt(first, i)))
}

/**
 * @param {Encoder} e
 * @param {TextField} f
 */
function writeText (e, f) {
  const one = isOneRun(f.seq, f.seq.size)
  head(e, KIND.text, f.said, one)
  writeWord(e, f)
  writeSequence(e, f.seq, one)
}

/**
 * Whether a sequence is one run of n from start to end, none of it removed.
 * @param {Sequence} s
 * @param {number} n
 */
export function isOneRun (s, n) {
  const runs = s.all()
  return runs.length === 1 && runs[0].n === n && !runs[0].after && !runs[0].before && !runs[0].deleted
}

/**
 * Writes a sequence, by its first dot alone if it is one run.
 * @param {Encoder} e
 * @param {Sequence} s
 * @param {boolean} one
 */
export function writeSequence (e, s, one) {
  const runs = s.all()
  if (one) e.packed(runs[0].seq, runs[0].replica)
  else writeRuns(e, s.table ?? new RunTable(runs))
}
