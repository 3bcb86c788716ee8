// Reads or writes fields. A field is a head and what the head says follows. The low three bits
// of the head are its kind; the bits above are flags, or a number. Fields stand in the order of
// the value's keys, and registers that stand next to each other and have one stamp share a
// head. Behind them come, with their keys, the fields of the map that do not show.

/** @import { Coder } from './meta.js' */
/** @import { Node } from './node.js' */
/** @import { Strategy } from './change.js' */
/** @import { Value } from './value.js' */

import { canonical } from './canonical.js'
import { ConflictField } from './conflict.js'
import { CounterField, MAX_SUM, toMicros } from './counter.js'
import { Ensured } from './ensure.js'
import { ExtremeField } from './extreme.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { codeList, uncommonPlaces } from './metalist.js'
import { newNode } from './node.js'
import { RegisterField } from './register.js'
import { Sequence } from './sequence.js'
import { codeRuns } from './sequence_codec.js'
import { RunTable } from './sequence_origins.js'
import { SetField } from './set.js'
import { isElement } from './stamp.js'
import { TextField } from './text.js'
import { codePoints } from './value.js'
import { dotAt, dotOf, newRun, shown, textOf } from './run.js'
import { bits } from './wire.js'

/**
 * What the low bits of a head say. A minimum is a max with a flag.
 * @type {Strategy[]}
 */
const KINDS = ['register', 'conflict', 'counter', 'max', 'set', 'text', 'list', 'map']

/**
 * Keys of the fields of a map that do not show, in order.
 * @param {MapField} f
 */
export const hiddenKeys = f => f.keys().filter(key => !f.child(key)?.shows())

/**
 * The fields of a map that show. In a plain map all are registers with the usual stamp, and
 * nothing is said of them.
 * @param {Coder} e
 * @param {MapField} f
 * @param {Value} [value] what is read shows
 */
export function codeFields (e, f, value, plain = false) {
  const object = /** @type {{ [key: string]: Value }} */ (value)
  const keys = e.bytes ? sortedKeys(object) : f.keys().filter(key => f.child(key)?.shows())
  let same = plain ? Infinity : 0 // so many registers of one stamp come next
  let stamp = e.usual
  for (const [i, key] of keys.entries()) {
    const field = f.child(key)
    if (!same) {
      const head = e.number(field && headOf(e, field) + 16 * alike(f, keys, i))
      if (head & 7) {
        e.need(!isElement(key))
        f.children.set(key, codeField(e, field, object?.[key], head))
        continue
      }
      same = Math.floor(head / 16) + 1
      stamp = codeStamp(e, head, field)
    }
    same--
    if (!field) f.add(key, new RegisterField(object[key], stamp))
  }
  e.need(plain || !same)
}

/**
 * The keys of an object in the order of their UTF-16 units. They mostly stand so.
 * @param {object} object
 */
function sortedKeys (object) {
  const keys = Object.keys(object)
  return keys.some((key, i) => i && key < keys[i - 1]) ? keys.sort() : keys
}

/**
 * How many registers behind the i-th of the keys have its stamp; 0 if it is none.
 * @param {MapField} f
 * @param {string[]} keys
 * @param {number} i
 */
function alike (f, keys, i) {
  const first = f.child(keys[i])
  for (let k = i + 1; ; k++) {
    const next = k < keys.length ? f.child(keys[k]) : undefined
    if (!(first instanceof RegisterField && next instanceof RegisterField && next.stamp === first.stamp)) return k - i - 1
  }
}

/**
 * The stamp of registers, by what their head says.
 * @param {Coder} e
 * @param {number} head
 * @param {Node} [f]
 */
const codeStamp = (e, head, f) => head & 8 ? e.stamp(f instanceof RegisterField ? f.stamp : '') : e.usual

/**
 * The fields of a map that do not show, of which there are some.
 * @param {Coder} e
 * @param {MapField} f
 */
export function codeHidden (e, f) {
  e.list(hiddenKeys(f), key => {
    const name = e.text(key)
    f.children.set(name, codeField(e, f.child(name), undefined))
  })
}

/**
 * One field.
 * @param {Coder} e
 * @param {Node | undefined} field undefined: it is read
 * @param {Value | undefined} v what it shows, if it is read
 * @param {number} head
 */
export function codeField (e, field, v, head = e.number(field && headOf(e, field))) {
  const f = field ?? newNode(head === 11 ? 'min' : KINDS[head & 7])
  if (f instanceof RegisterField) f.stamp = codeStamp(e, head, f)
  if (e.bytes && (f instanceof RegisterField || f instanceof ExtremeField)) f.v = v
  if (f instanceof ConflictField) codeConflict(e, f, head, v)
  if (f instanceof Ensured) {
    if (head & 8) {
      f.said = e.stamp(f.said, f.hidden)
      f.hidden = e.flag
    }
    if (f instanceof CounterField) codeCounter(e, f, head, v)
    if (f instanceof SetField) codeSet(e, f, head, v)
    if (f instanceof TextField) codeText(e, f, head, v)
    if (f instanceof ListField) codeList(e, f, head, v)
    if (f instanceof MapField) {
      if (!e.bytes || v !== undefined) codeFields(e, f, v, (head & 32) > 0)
      if (head & 16) codeHidden(e, f)
    }
  }
  e.need(!e.bytes || f.shows() === (v !== undefined))
  return f
}

/**
 * The head of a field that is to be written.
 * @param {Coder} e
 * @param {Node} f
 */
export function headOf (e, f) {
  if (f instanceof RegisterField) return f.stamp === e.usual ? 0 : 8
  if (f instanceof ConflictField) return 1 + (f.candidates.length - 1) * 8
  if (f instanceof ExtremeField) return f.max ? 3 : 11
  if (f instanceof CounterField) {
    // The value of a counter, being what the sums add up to, mostly tells the last of them.
    return 2 + 8 * bits(f.said, f.shows() && f.sums.size && toMicros(f.number(), MAX_SUM) === f.total()) + f.sums.size * 32
  }
  if (f instanceof SetField) return 4 + 8 * bits(f.said, isCounting(f))
  if (f instanceof TextField) return 5 + 8 * bits(f.said, isOneRun(f.seq, f.seq.size))
  if (f instanceof ListField) return 6 + 8 * bits(f.said, isOneRun(f.seq, f.visible().length), !uncommonPlaces(f).length)
  const hidden = hiddenKeys(f).length
  const plain = f.children.size && !hidden && [...f.children.values()].every(field => field instanceof RegisterField && field.stamp === e.usual)
  return 7 + 8 * bits(f.said, hidden, plain)
}

/**
 * @param {Coder} e
 * @param {ConflictField} f
 * @param {number} head
 * @param {Value} [v]
 */
function codeConflict (e, f, head, v) {
  f.candidates = Array.from({ length: (head >> 3) + 1 }, (_, i) => {
    const c = f.candidates[i]
    const id = e.dot(c?.id)
    const stamp = e.stamp(c?.stamp, c?.value === undefined)
    const absent = e.flag
    const value = absent ? undefined : i ? JSON.parse(e.text(c && canonical(c.value ?? null))) : e.bytes ? v : c?.value
    return { id, stamp, value } // the first is the value
  })
}

/**
 * @param {Coder} e
 * @param {CounterField} f
 * @param {number} head
 * @param {Value} [v]
 */
function codeCounter (e, f, head, v) {
  const replicas = [...f.sums.keys()].sort()
  const n = head >> 5
  for (let i = 0; i < n; i++) {
    const replica = e.named(replicas[i])
    if (!(head & 16) || i < n - 1) f.put(replica, longSum(e.signed(shortSum(f.sum(replica)))))
    else if (e.bytes) f.put(replica, (toMicros(v, MAX_SUM) ?? 0n) - f.total())
  }
  e.need(v === undefined || v === f.number())
}

/**
 * A sum of millionths without the zeros at its end, which it mostly has: the digits times seven
 * plus how many zeros there were.
 * @param {bigint} sum
 */
function shortSum (sum) {
  let zeros = 0n
  for (; sum && zeros < 6n && sum % 10n === 0n; zeros++) sum /= 10n
  return sum * 7n + (sum < 0n ? -zeros : zeros)
}

/**
 * The sum that shortSum gave.
 * @param {bigint} short
 */
const longSum = short => short / 7n * 10n ** (short < 0n ? -short % 7n : short % 7n)

/**
 * @param {Coder} e
 * @param {SetField} f
 * @param {number} head
 * @param {Value} [v]
 */
function codeSet (e, f, head, v) {
  if (Array.isArray(v)) f.elements = v.map(v => ({ v, dots: [] }))
  if (head & 16) {
    const first = dotOf(e.dot(f.elements[0]?.dots[0]))
    f.elements = f.elements.map(({ v }, i) => ({ v, dots: [textOf(dotAt(first, i))] }))
  } else f.elements = f.elements.map(({ v, dots }) => ({ v, dots: codeDots(e, dots) }))
}

/**
 * @param {Coder} e
 * @param {string[]} dots at least one
 */
function codeDots (e, dots) {
  const all = []
  do {
    const d = dots.length ? dotOf(dots[all.length]) : undefined
    const seq = e.packed(d?.seq, d?.replica, 1, all.length < dots.length - 1)
    all.push(e.came(e.replica, seq))
  } while (e.flag)
  return all
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
 * @param {Coder} e
 * @param {TextField} f
 * @param {number} head
 * @param {Value} [v]
 */
function codeText (e, f, head, v) {
  if (!e.bytes) {
    codeSequence(e, f.seq, head, 0)
    return
  }
  e.need(typeof v === 'string' || v === undefined)
  f.text = v ?? ''
  const n = codePoints(f.text)
  f.seq = codeSequence(e, f.seq, head, n)
  e.need(f.seq.size === n)
}

/**
 * A sequence, by its first dot alone if it is one run; its length is n then.
 * @param {Coder} e
 * @param {Sequence} s
 * @param {number} head
 * @param {number} n
 */
export function codeSequence (e, s, head, n) {
  if (head & 16) {
    const first = e.bytes ? undefined : s.all()[0]
    const seq = e.packed(first?.seq, first?.replica)
    if (first) return s
    e.came(e.replica, seq + n - 1)
    return new Sequence(new RunTable([newRun({ replica: e.replica, seq }, n)]), n)
  }
  const table = codeRuns(e, e.bytes ? undefined : s.table ?? new RunTable(s.all()))
  for (const r of table.runs) e.came(r.replica, r.seq + r.n - 1)
  return e.bytes ? new Sequence(table, table.runs.reduce((n, r) => n + shown(r), 0)) : s
}

/**
 * Whether a sequence is one run of n from start to end, none of it removed.
 * @param {Sequence} s
 * @param {number} n
 */
function isOneRun (s, n) {
  const runs = s.all()
  return runs.length === 1 && runs[0].n === n && !runs[0].after && !runs[0].before && !runs[0].deleted
}
