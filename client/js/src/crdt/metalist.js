// Reads or writes lists. A list is its sequence of places, then the places that are not what
// most are, then the contents of the rows: first of those that show, in the order of the value,
// then of those that were removed. Most places hold the row that was placed there, which nobody
// removed and no later change edited. Of the others there is a count and for each how many of
// the common kind stand before it, a form, and what the form says.

/** @import { Coder } from './meta.js' */
/** @import { ListField } from './list.js' */
/** @import { Value } from './value.js' */

import { canonical } from './canonical.js'
import { Row } from './list.js'
import { codeField, codeSequence, headOf } from './metafields.js'

// What a place is.
const OWN = 0 // it holds the row placed there
const LEFT = 1 // the row placed there was moved elsewhere
const TAKEN = 2 // it holds a row that moved here
const DEAD = 3 // it held a row that has moved on
const COVERED = 4 // to be added: what removals of the row saw follows
const EDITED = 8 // to be added: what edited it follows

// What stands for the contents of a row instead of a head.
const NOTHING = 19 // nobody wrote to it
const UNSEEN = 35 // a field follows that does not show
const REMOVED = 67 // the row does not show; what it would show follows, and the field

/**
 * A place that is not of the common kind, and how many that are stand before it.
 * @typedef {{ form: number, row: Row | undefined, common: number }} Uncommon
 */

/**
 * @param {ListField} f
 */
export function uncommonPlaces (f) {
  /** @type {Uncommon[]} */
  const uncommon = []
  let common = 0
  for (const slot of f.slots()) {
    const row = f.rowAt(slot)
    let form = row ? row.id === slot ? OWN : TAKEN : f.rows.has(slot) ? LEFT : DEAD
    if (row?.cover) form |= COVERED
    if (row?.edits) form |= EDITED
    if (form === OWN) common++
    else {
      uncommon.push({ form, row, common })
      common = 0
    }
  }
  return uncommon
}

/**
 * @param {Coder} e
 * @param {ListField} f
 * @param {number} head
 * @param {Value} [v]
 */
export function codeList (e, f, head, v) {
  const values = Array.isArray(v) ? v : []
  f.seq = codeSequence(e, f.seq, head, values.length)
  e.need(!e.bytes || f.seq.size <= e.bytes.length)
  codePlaces(e, f, head & 32 ? [] : e.bytes ? undefined : uncommonPlaces(f))
  const rows = f.standing()
  const alive = rows.filter(row => row.alive())
  e.need(rows.length === f.rows.size && (!e.bytes || alive.length === values.length))
  for (const [i, row] of alive.entries()) codeRow(e, row, values[i])
  for (const row of rows) if (!row.alive()) codeRow(e, row, undefined)
}

/**
 * The places that are not of the common kind; of what is read all rows are made.
 * @param {Coder} e
 * @param {ListField} f
 * @param {Uncommon[] | undefined} uncommon undefined: they are read
 */
function codePlaces (e, f, uncommon) {
  const slots = f.slots()
  let i = 0
  const place = (/** @type {Uncommon | undefined} */ u) => {
    for (let common = e.number(u?.common); common > 0; common--) putRow(e, f, slots[i++])
    e.need(i < slots.length)
    codePlace(e, f, slots[i++], u)
  }
  if (!uncommon || uncommon.length) e.list(uncommon, place)
  while (i < slots.length) putRow(e, f, slots[i++])
}

/**
 * @param {Coder} e
 * @param {ListField} f
 * @param {string} slot
 */
function putRow (e, f, slot) {
  if (e.bytes) f.put(new Row(slot))
}

/**
 * @param {Coder} e
 * @param {ListField} f
 * @param {string} slot
 * @param {Uncommon | undefined} u undefined: it is read
 */
function codePlace (e, f, slot, u) {
  const form = e.byte(u?.form)
  const place = form & 3
  if (place === LEFT || place === DEAD) return
  const row = u?.row ?? new Row(slot)
  row.slot = slot
  if (place === TAKEN) {
    row.id = e.dot(row.id)
    row.at = e.stamp(row.at)
  }
  if (form & COVERED) row.cover = e.vector(row.cover)
  if (form & EDITED) row.edits = e.vector(row.edits)
  if (!u) f.put(row)
}

/**
 * The contents of a row. Those of a removed one are nowhere in the value, so what they would
 * show comes with them.
 * @param {Coder} e
 * @param {Row} row
 * @param {Value | undefined} v what the row shows, if it is read
 */
function codeRow (e, row, v) {
  const { content } = row
  const head = e.number(!content ? NOTHING : !content.shows() ? UNSEEN : row.alive() ? headOf(e, content) : REMOVED)
  if (head === NOTHING) return
  if (head === UNSEEN) v = undefined
  if (head === REMOVED) {
    const text = e.text(content && canonical(content.value() ?? null))
    if (e.bytes) v = JSON.parse(text)
  }
  row.content = codeField(e, content, v, head === UNSEEN || head === REMOVED ? undefined : head)
}
