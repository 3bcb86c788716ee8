// Reads lists, the way metalist.js writes them.

/** @import { Decoder } from './metadecode.js' */
/** @import { Value } from './value.js' */

import { ListField, Row } from './list.js'
import { readField, readSequence, readWord } from './metadecodefields.js'
import { CONTENTS, PLACE } from './metalist.js'

/**
 * @param {Decoder} d
 * @param {number} head
 * @param {Value | undefined} v
 */
export function readList (d, head, v = []) {
  const f = readWord(d, head, new ListField())
  d.need(Array.isArray(v))
  f.seq = readSequence(d, head, v.length)
  d.need(f.seq.size <= d.bytes.length - d.at)
  if (head & 32) for (const slot of f.slots()) f.put(new Row(slot))
  else readPlaces(d, f)
  const rows = f.standing()
  d.need(rows.length === f.rows.size)
  let shown = 0
  for (const row of rows) if (row.alive()) readRow(d, row, v[shown++])
  d.need(shown === v.length)
  for (const row of rows) if (!row.alive()) readRow(d, row, undefined)
  return f
}

/**
 * Reads the places that are not of the common kind and makes all rows.
 * @param {Decoder} d
 * @param {ListField} f
 */
function readPlaces (d, f) {
  const slots = f.slots()
  let i = 0
  for (let uncommon = d.count(2); uncommon > 0; uncommon--) {
    const common = d.number()
    d.need(i + common < slots.length)
    for (const end = i + common; i < end; i++) f.put(new Row(slots[i]))
    readPlace(d, f, slots[i++])
  }
  for (; i < slots.length; i++) f.put(new Row(slots[i]))
}

/**
 * @param {Decoder} d
 * @param {ListField} f
 * @param {string} slot
 */
function readPlace (d, f, slot) {
  const form = d.byte()
  const place = form & 3
  if (place === PLACE.left || place === PLACE.dead) return
  const row = new Row(place === PLACE.taken ? d.dot() : slot)
  row.slot = slot
  if (place === PLACE.taken) row.at = d.stamp()
  if (form & PLACE.covered) row.cover = d.vector()
  if (form & PLACE.edited) row.edits = d.vector()
  f.put(row)
}

/**
 * Reads the contents of a row.
 * @param {Decoder} d
 * @param {Row} row
 * @param {Value | undefined} v what it shows
 */
function readRow (d, row, v) {
  const head = d.number()
  if (head === CONTENTS.nothing) return
  if (head === CONTENTS.unseen) row.content = readField(d, d.number(), undefined)
  else if (head !== CONTENTS.removed) row.content = readField(d, head, v)
  else {
    const shows = JSON.parse(d.text())
    row.content = readField(d, d.number(), shows)
  }
}
