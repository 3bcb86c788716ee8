// Edits of a list: which rows stay, move, are edited, come and go.

/** @import { Stretch } from './diff.js' */
/** @import { Row } from './list.js' */
/** @import { Plan } from './plan.js' */
/** @import { Value } from './value.js' */
/** @import { Workbench } from './workbench.js' */

import { OpError } from './check.js'
import { canonical } from './canonical.js'
import { diff } from './diff.js'
import { put } from './editor_put.js'
import { oneWay, rowPlan } from './plan.js'
import { dotText, parseDot } from './stamp.js'
import { equalValues } from './value.js'
import { checkPlain, noRow, refuseField } from './workbench.js'

/**
 * The rows the person sees.
 * @param {Workbench} e
 * @param {string[]} path
 * @returns {Row[]}
 */
function rowsAt (e, path) {
  e.field(path, 'list')
  return e.listAt(path)?.visible() ?? []
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {number} index
 * @param {Value} value
 */
export function insertRow (e, path, index, value) {
  checkPlain(path, value)
  const rows = rowsAt(e, path)
  checkIndex(path, index, rows.length)
  let id = ''
  e.attempt(() => { id = newRow(e, path, rows[index - 1]?.id ?? '', rowPlan(e.planFor(path)), value) })
  return id
}

/**
 * @param {string[]} path
 * @param {number} index
 * @param {number} most
 */
function checkIndex (path, index, most) {
  if (!(Number.isInteger(index) && index >= 0 && index <= most)) refuseField(path, `has no place ${index}.`)
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} row
 * @param {number} index
 */
export function moveRow (e, path, row, index) {
  const rows = rowsAt(e, path)
  const from = rows.findIndex(r => r.id === row)
  if (from < 0) noRow(path, row)
  checkIndex(path, index, rows.length - 1)
  if (index === from) return
  rows.splice(from, 1)
  moveBehind(e, path, row, rows[index - 1]?.id ?? '')
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} row
 */
export function removeRow (e, path, row) {
  e.field(path, 'list')
  if (!e.listAt(path)?.rows.get(row)?.alive()) noRow(path, row)
  dropRow(e, path, row)
}

/**
 * The slots between which something goes that is to follow a row, '': that is to come first.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} behind
 */
function origins (e, path, behind) {
  const list = e.listAt(path)
  const after = list?.rows.get(behind)?.slot
  const before = list?.seq.next(parseDot(after ?? ''))
  return { ...(after && { after }), ...(before && { before }) }
}

/**
 * Puts a new row directly behind another, '': at the start.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} behind
 * @param {Plan} plan
 * @param {Value} value
 */
function newRow (e, path, behind, plan, value) {
  const id = e.nextID()
  e.append({ kind: 'place', path, id, ...origins(e, path, behind) })
  const row = dotText(e.by.replica, id)
  putRow(e, path, row, plan, value)
  return row
}

/**
 * Makes the contents of a row equal value.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} row
 * @param {Plan} plan
 * @param {Value} value
 */
function putRow (e, path, row, plan, value) {
  if (equalValues(e.listAt(path)?.rows.get(row)?.value(), value)) return
  const at = [...path, row]
  put(e, at, e.plan ? plan : e.planFor(at), value)
}

/**
 * Moves a row directly behind another, '': to the start.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} row
 * @param {string} behind
 */
function moveBehind (e, path, row, behind) {
  e.append({ kind: 'move', path, row, id: e.nextID(), ...origins(e, path, behind) })
}

/**
 * @param {Workbench} e
 * @param {string[]} path
 * @param {string} row
 */
export function dropRow (e, path, row) {
  e.append({ kind: 'drop', path, row, saw: e.base.seen() })
}

/**
 * Makes the rows those of a list.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Plan} plan of a row
 * @param {Value} value
 */
export function putList (e, path, plan, value) {
  if (!Array.isArray(value)) return refuseField(path, 'takes a list.')
  const { matches, dropped } = matchRows(rowsAt(e, path), value)
  for (const row of dropped) dropRow(e, path, row)
  let behind = ''
  value.forEach((v, i) => { behind = settle(e, path, plan, matches[i], behind, v) })
  e.show(path, 'list')
}

/**
 * Brings about one row of the wanted list, directly behind the one before it. Rows that stay
 * keep their order among themselves, so by placing every other row behind its predecessor,
 * first to last, all come to stand in the wanted order.
 * @param {Workbench} e
 * @param {string[]} path
 * @param {Plan} plan
 * @param {Match | undefined} match
 * @param {string} behind
 * @param {Value} value
 */
function settle (e, path, plan, match, behind, value) {
  if (!match) return newRow(e, path, behind, plan, value)
  const { row } = match
  if (match.moves) moveBehind(e, path, row, behind)
  const change = () => putRow(e, path, row, plan, value)
  if (!oneWay(plan)) {
    change()
    return row
  }
  try {
    e.attempt(change)
    return row
  } catch (error) {
    if (!(error instanceof OpError)) throw error
  }
  // The row cannot become this value (a maximum in it would have to go down), so it was not
  // this row.
  dropRow(e, path, row)
  return newRow(e, path, behind, plan, value)
}

/**
 * Which row a wanted one is, and whether it stood elsewhere.
 * @typedef {{ row: string, moves?: boolean }} Match
 */

/**
 * Pairs wanted rows with those there are: equal ones in their order, then equal ones elsewhere
 * (which moved), then those that stand between the same neighbours (which were edited).
 * @param {Row[]} rows
 * @param {Value[]} wanted
 */
function matchRows (rows, wanted) {
  const have = rows.map(row => canonical(row.value()))
  const want = wanted.map(canonical)
  const stretches = diff(have.length, want.length, (i, j) => have[i] === want[j])
  /** @type {(Match | undefined)[]} */
  const matches = []
  /** Rows that are not matched yet. @type {Set<number>} */
  const left = new Set()
  let i = 0
  let j = 0
  for (const s of [...stretches, { a: rows.length, aEnd: 0, bEnd: 0 }]) {
    while (i < s.a) matches[j++] = { row: rows[i++].id }
    while (i < s.aEnd) left.add(i++)
    j = s.bEnd
  }
  /** @type {(moves: boolean, fits: (i: number, j: number, s: Stretch) => boolean) => void} */
  const pair = (moves, fits) => {
    for (const s of stretches) {
      for (let j = s.b; j < s.bEnd; j++) {
        if (matches[j]) continue
        for (const i of left) {
          if (!fits(i, j, s)) continue
          matches[j] = { row: rows[i].id, moves }
          left.delete(i)
          break
        }
      }
    }
  }
  pair(true, (i, j) => have[i] === want[j])
  pair(false, (i, _, s) => i >= s.a && i < s.aEnd)
  return { matches, dropped: [...left].map(i => rows[i].id) }
}
