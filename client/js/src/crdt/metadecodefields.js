// Reads fields, the way metafields.js writes them.

/** @import { Decoder } from './metadecode.js' */
/** @import { Node } from './node.js' */
/** @import { Value } from './value.js' */

import { ConflictField } from './conflict.js'
import { CounterField, MAX_SUM, toMicros } from './counter.js'
import { Ensured } from './ensure.js'
import { ExtremeField } from './extreme.js'
import { MapField } from './map.js'
import { readList } from './metadecodelist.js'
import { KIND } from './metafields.js'
import { RegisterField } from './register.js'
import { Sequence } from './sequence.js'
import { readRuns } from './sequence_codec.js'
import { RunTable } from './sequence_origins.js'
import { SetField } from './set.js'
import { TextField } from './text.js'
import { isElement } from './stamp.js'
import { codePoints } from './value.js'
import { newRun, shown } from './run.js'

/**
 * Reads the fields of a map that show, each from the value by what meta says it is. In a plain
 * map all are registers with the usual stamp, and meta says no more.
 * @param {Decoder} d
 * @param {MapField} f
 * @param {Value | undefined} value
 * @param {boolean} plain
 */
export function readFields (d, f, value, plain) {
  d.need(value && typeof value === 'object' && !Array.isArray(value))
  let n = plain ? Infinity : 0 // so many registers of one stamp come next
  let stamp = d.stamps[d.usual]
  for (const key of sortedKeys(value)) {
    d.need(!isElement(key))
    const head = n ? 0 : d.number()
    if (!n && head & 7) {
      f.add(key, readField(d, head, value[key]))
      continue
    }
    if (!n) {
      n = registers(head)
      stamp = stampOf(d, head)
    }
    n--
    f.add(key, new RegisterField(value[key], stamp))
  }
  d.need(plain || !n)
}

/**
 * The keys of an object in the order of their UTF-16 units. They mostly stand so.
 * @param {object} object
 */
function sortedKeys (object) {
  const keys = Object.keys(object)
  for (let i = 1; i < keys.length; i++) if (keys[i] < keys[i - 1]) return keys.sort()
  return keys
}

/**
 * How many registers share a head.
 * @param {number} head
 */
const registers = head => Math.floor(head / 16) + 1

/**
 * Reads the stamp that the head of registers says they have.
 * @param {Decoder} d
 * @param {number} head
 */
const stampOf = (d, head) => head & 8 ? d.stamp() : d.stamps[d.usual]

/**
 * Reads the fields of a map that do not show.
 * @param {Decoder} d
 * @param {MapField} f
 */
export function readHidden (d, f) {
  for (let i = d.count(2); i > 0; i--) {
    const key = d.text()
    d.need(!f.child(key) && !isElement(key))
    f.add(key, readField(d, d.number(), undefined))
  }
}

/**
 * Reads one field.
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v what it shows, undefined: nothing
 * @returns {Node}
 */
export function readField (d, head, v) {
  const kind = head & 7
  if (kind === KIND.register) {
    d.need(registers(head) === 1)
    return new RegisterField(v, stampOf(d, head))
  }
  if (kind === KIND.conflict) return readConflict(d, head, v)
  if (kind === KIND.extreme) {
    d.need(typeof v === 'number' || typeof v === 'string')
    return new ExtremeField(!(head & 8), v)
  }
  const f = readEnsured(d, head, v)
  d.need(f.shows() === (v !== undefined))
  return f
}

/**
 * Reads a field that can be empty and show.
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readEnsured (d, head, v) {
  switch (head & 7) {
    case KIND.counter: return readCounter(d, head, v)
    case KIND.set: return readSet(d, head, v)
    case KIND.text: return readText(d, head, v)
    case KIND.list: return readList(d, head, v)
  }
  return readMap(d, head, v)
}

/**
 * Reads what was said about showing while empty, if the head says that there is something.
 * @template {Ensured} F
 * @param {Decoder} d
 * @param {number} head
 * @param {F} f
 */
export function readWord (d, head, f) {
  if (head & 8) {
    f.said = d.stamp()
    f.hidden = d.flag
  }
  return f
}

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readMap (d, head, v) {
  const f = readWord(d, head, new MapField())
  if (v !== undefined) readFields(d, f, v, (head & 32) > 0)
  if (head & 16) readHidden(d, f)
  return f
}

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readConflict (d, head, v) {
  const f = new ConflictField()
  for (let i = 0; i <= head >> 3; i++) {
    const id = d.dot()
    const stamp = d.stamp()
    const absent = d.flag
    d.need(i || absent === (v === undefined))
    f.candidates.push({ id, stamp, value: i ? absent ? undefined : JSON.parse(d.text()) : v })
  }
  return f
}

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readCounter (d, head, v) {
  const f = readWord(d, head, new CounterField())
  const n = head >> 5
  for (let i = 0; i < n; i++) {
    const replica = d.named()
    const told = head & 16 && i === n - 1
    f.put(replica, told ? (toMicros(v, MAX_SUM) ?? 0n) - f.total() : longSum(d.signed()))
  }
  d.need(v === undefined || v === f.number())
  return f
}

/**
 * The sum that shortSum wrote.
 * @param {bigint} short
 */
const longSum = short => short / 7n * 10n ** (short < 0n ? -short % 7n : short % 7n)

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readSet (d, head, v = []) {
  const f = readWord(d, head, new SetField())
  d.need(Array.isArray(v))
  const first = head & 16 ? d.packed() : 0
  for (const [i, e] of v.entries()) {
    const dots = []
    if (head & 16) dots.push(d.came(d.replica, first + i))
    else {
      do {
        const seq = d.packed(1)
        dots.push(d.came(d.replica, seq))
      } while (d.flag)
    }
    f.elements.push({ v: e, dots })
  }
  return f
}

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
function readText (d, head, v = '') {
  const f = readWord(d, head, new TextField())
  d.need(typeof v === 'string')
  f.text = v
  f.seq = readSequence(d, head, codePoints(v))
  return f
}

/**
 * Reads a sequence of which n elements are visible. If it is one run, that is its length.
 * @param {Decoder} d
 * @param {number} head
 * @param {number} n
 */
export function readSequence (d, head, n) {
  if (!(head & 16)) {
    const table = readRuns(d)
    let size = 0
    for (const r of table.runs) {
      d.came(r.replica, r.seq + r.n - 1)
      size += shown(r)
    }
    d.need(size === n || (head & 7) === KIND.list)
    return new Sequence(table, size)
  }
  const seq = d.packed()
  const { replica } = d
  d.need(n)
  d.came(replica, seq + n - 1)
  return new Sequence(new RunTable([newRun({ replica, seq }, n)]), n)
}
