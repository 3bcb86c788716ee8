// What happened when a device's changes reached the server: whether they met others that
// their author had not seen, on the same field or beside it, and what became of both. The
// merge is done by then; this only looks.

import { strategyOf } from '../../../../js/src/crdt/node.js'
import { keyOf, same } from '../../form/path.js'

/**
 * @typedef {import('./server.js').Entry} Entry
 * @typedef {import('./server.js').Op} Op
 * @typedef {import('../../../../js/src/crdt/document.js').Document} Document
 *
 * What a device sent at once.
 * @typedef {object} Delivery
 * @property {string} by whose it is
 * @property {string} replica
 * @property {{[replica: string]: number}} seen what its author had seen of the record
 * @property {Op[]} ops
 * @property {Document} before the record on the server without it
 * @property {Document} after and with it
 * @property {number} drift what the device took the server's time to be, less what it was, ms
 * @property {boolean} back a stamp was of the future, and was brought back to the server's time
 *
 * One thing to tell. Values that are absent are undefined.
 *
 * - arrived: a change came that met nobody's
 * - apart: it met one of other fields; both stay
 * - met: both wrote to one field
 * - row: one took out a row that the other changed; it stays
 * - picked: one of several values was picked
 * - numbered: the server gave a number
 * - ahead: it came from a clock that was ahead, and was brought back to the server's time
 * - behind: it came from a clock that was behind
 * @typedef {object} Tale
 * @property {'arrived' | 'apart' | 'met' | 'row' | 'picked' | 'numbered' | 'ahead' | 'behind'} what
 * @property {string} by whose change it is, '' for the server
 * @property {string} other who else wrote, where somebody did
 * @property {string[]} path of the field; row identities in it
 * @property {string} strategy of that field
 * @property {any} mine what `by` wrote, or added
 * @property {any} theirs what `other` wrote, or added
 * @property {any} now what the field holds then
 * @property {unknown[]} values of a conflict field that waits for a pick, the one that shows first
 * @property {string} wins who of the two wrote what stays, where only one can; '': both, or it is the same value
 * @property {boolean} [byClock] a clock was wrong: who wrote later is not known
 */

/** A clock that is wrong by less is as good as right, ms. */
const wrong = 60_000

/** @typedef {{path: string[], strategy: string, ops: Op[]}} Site a field, and what was done to it */

/**
 * @param {Delivery} sent
 * @param {Entry[]} earlier the log before it
 * @param {Entry[]} entries what it became in the log
 * @returns {Tale[]}
 */
export function talesOf (sent, earlier, entries) {
  const unseen = earlier.filter(({ by, change }) => by && change.replica !== sent.replica && change.n > (sent.seen[change.replica] ?? 0))
  const other = { by: unseen[0]?.by ?? '', ops: unseen.flatMap(({ change }) => change.ops) }
  const theirs = sitesOf(other.ops)
  return [
    ...clockOf(sent),
    ...[...sitesOf(sent.ops)].map(([key, site]) => tell(sent, site, other.by, theirs.get(key))),
    ...rowsOf(sent, other),
    ...numbersOf(sent.by, entries)
  ]
}

/** What came of a wrong clock. @param {Delivery} sent @returns {Tale[]} */
function clockOf ({ by, drift, back }) {
  const what = back && drift >= wrong ? 'ahead' : drift <= -wrong ? 'behind' : undefined
  return what ? [{ what, by, other: '', path: [], strategy: '', mine: undefined, theirs: undefined, now: undefined, values: [], wins: '' }] : []
}

/**
 * The fields that operations write to. What they put into a new row is told with its list.
 * @param {Op[]} ops
 * @returns {Map<string, Site>}
 */
export function sitesOf (ops) {
  const rows = ops.flatMap((op) => op.kind === 'place' ? [{ list: op.path, end: '.' + op.id }] : [])
  /** @type {Map<string, Site>} */
  const sites = new Map()
  for (const op of ops) {
    const { path } = op
    if (!path || op.kind === 'ensure') continue
    if (rows.some(({ list, end }) => path.length > list.length && path[list.length].endsWith(end) && same(path.slice(0, list.length), list))) continue
    const key = keyOf(path)
    const site = sites.get(key) ?? { path, strategy: strategyOf(op), ops: [] }
    site.ops.push(op)
    sites.set(key, site)
  }
  return sites
}

/**
 * @param {Delivery} sent
 * @param {Site} site
 * @param {string} other
 * @param {Site | undefined} met what others did to the same field
 * @returns {Tale}
 */
function tell ({ by, before, after }, site, other, met) {
  const { path, strategy } = site
  const now = after.find(path)?.value()
  const mine = wroteOf(site)
  /** @type {Tale} */
  const tale = { what: met ? 'met' : other ? 'apart' : 'arrived', by, other, path, strategy, mine, theirs: undefined, now, values: openAt(after, path), wins: '' }
  if (isPick(site)) return { ...tale, what: 'picked' }
  if (!met) return tale
  tale.theirs = isSum(strategy) ? wroteOf(met) : before.find(path)?.value()
  if (!isSum(strategy) && strategy !== 'text' && !same(mine, tale.theirs)) tale.wins = same(now, mine) ? by : other
  return tale
}

/** The values that wait for a pick. @param {Document} doc @param {string[]} path */
const openAt = (doc, path) => doc.disagreements().find((one) => same(one.path, path))?.values.map(({ value }) => value) ?? []

/** Whether a conflict field is settled that had several values. @param {Site} site */
const isPick = ({ ops }) => ops.some((op) => op.kind === 'assign' && op.over.length > 1)

/** Whether everything counts that anybody does to such a field. @param {string} strategy */
const isSum = (strategy) => ['counter', 'set', 'list'].includes(strategy)

/**
 * What was written into a field: the value, the amount, or what was put in and taken out.
 * @param {Site} site
 * @returns {any}
 */
export function wroteOf ({ strategy, ops }) {
  const values = (/** @type {string} */ kind) => ops.flatMap((op) => op.kind === kind && 'value' in op ? [op.value] : [])
  const count = (/** @type {string} */ kind) => ops.filter((op) => op.kind === kind).length
  if (strategy === 'counter') return Number(values('add').reduce((/** @type {number} */ a, b) => a + Number(b), 0).toPrecision(15))
  if (strategy === 'set') return { in: values('include'), out: values('exclude') }
  if (strategy === 'list') return { in: count('place'), out: count('drop'), moved: count('move') }
  const last = ops[ops.length - 1]
  return strategy !== 'text' && 'value' in last ? last.value : undefined
}

/**
 * Rows that one took out while the other changed them, and that are there.
 * @param {Delivery} sent
 * @param {{by: string, ops: Op[]}} other
 * @returns {Tale[]}
 */
function rowsOf ({ by, ops, after }, other) {
  const kept = [...dropped(ops, other.ops), ...dropped(other.ops, ops)].filter(({ list, row }) => after.rows(list).some(({ id }) => id === row))
  return kept.map(({ list }) => ({ what: 'row', by, other: other.by, path: list, strategy: 'list', mine: undefined, theirs: undefined, now: undefined, values: [], wins: '' }))
}

/** The rows that one drops and another changes. @param {Op[]} drops @param {Op[]} edits */
function dropped (drops, edits) {
  return drops.flatMap((op) => {
    if (op.kind !== 'drop') return []
    const row = [...op.path, op.row]
    return edits.some(({ path }) => path && path.length > row.length && same(path.slice(0, row.length), row)) ? [{ list: op.path, row: op.row }] : []
  })
}

/**
 * The numbers that the server gave.
 * @param {string} other whose record it is
 * @param {Entry[]} entries
 * @returns {Tale[]}
 */
function numbersOf (other, entries) {
  const given = entries.filter(({ by }) => !by).flatMap(({ change }) => change.ops)
  return given.flatMap((op) => op.kind === 'set' ? [{ what: 'numbered', by: '', other, path: op.path, strategy: 'serial', mine: undefined, theirs: undefined, now: op.value, values: [], wins: '' }] : [])
}
