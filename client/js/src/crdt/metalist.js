// Writes lists. A list is written as its sequence of places, then the places that are not what
// most are, then the contents of the rows: first of those that show, in the order of the value,
// then of those that were removed. Most places hold the row that was placed there, which nobody
// removed and no later change edited. Of the others there is a count and for each how many of
// the common kind stand before it, a form, and what the form says.

/** @import { Encoder } from './meta.js' */
/** @import { ListField, Row } from './list.js' */

import { canonical } from './canonical.js'
import { KIND, head, isOneRun, writeField, writeSequence, writeWord } from './metafields.js'

/**
 * What a place is: own, it holds the row placed there; left, that row was moved elsewhere;
 * taken, it holds a row that moved here; dead, it held a row that has moved on. Then what is
 * added: covered, what removals of the row saw follows; edited, what edited it follows.
 */
export const PLACE = { own: 0, left: 1, taken: 2, dead: 3, covered: 4, edited: 8 }

/**
 * What stands for the contents of a row instead of a head: nobody wrote to it; a field follows
 * that does not show; the row does not show, what it would show follows and the field.
 */
export const CONTENTS = { nothing: 19, unseen: 35, removed: 67 }

/**
 * @param {Encoder} e
 * @param {ListField} f
 */
export function writeList (e, f) {
  const rows = f.standing()
  const alive = rows.filter(row => row.alive())
  const one = isOneRun(f.seq, alive.length)
  const uncommon = findUncommon(f)
  head(e, KIND.list, f.said, one, !uncommon.length)
  writeWord(e, f)
  writeSequence(e, f.seq, one)
  if (uncommon.length) writePlaces(e, uncommon)
  for (const row of alive) writeRow(e, row, true)
  for (const row of rows) if (!row.alive()) writeRow(e, row, false)
}

/**
 * A place that is not of the common kind, and how many that are stand before it.
 * @typedef {{ form: number, row: Row | undefined, common: number }} Uncommon
 */

/** @param {ListField} f */
function findUncommon (f) {
  /** @type {Uncommon[]} */
  const uncommon = []
  let common = 0
  for (const slot of f.slots()) {
    const row = f.rowAt(slot)
    let form = row ? row.id === slot ? PLACE.own : PLACE.taken : f.rows.has(slot) ? PLACE.left : PLACE.dead
    if (row?.cover) form |= PLACE.covered
    if (row?.edits) form |= PLACE.edited
    if (form === PLACE.own) common++
    else {
      uncommon.push({ form, row, common })
      common = 0
    }
  }
  return uncommon
}

/**
 * @param {Encoder} e
 * @param {Uncommon[]} uncommon
 */
function writePlaces (e, uncommon) {
  e.number(uncommon.length)
  for (const { form, row, common } of uncommon) {
    e.number(common)
    e.bytes.push(form)
    if (row && (form & 3) === PLACE.taken) {
      e.dot(row.id)
      e.stamp(row.at)
    }
    if (row?.cover) e.vector(row.cover)
    if (row?.edits) e.vector(row.edits)
  }
}

/**
 * Writes the contents of a row. Those of a removed one are nowhere in the value, so what they
 * would show comes with them.
 * @param {Encoder} e
 * @param {Row} row
 * @param {boolean} alive
 */
function writeRow (e, { content }, alive) {
  const value = content?.value()
  if (!content) return e.number(CONTENTS.nothing)
  if (value === undefined) e.number(CONTENTS.unseen)
  else if (!alive) {
    e.number(CONTENTS.removed)
    e.text(canonical(value))
  }
  writeField(e, content, value !== undefined)
}
