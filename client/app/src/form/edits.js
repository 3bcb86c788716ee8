// What a form writes to while somebody edits a record of the server: what is changed
// stays here until it is saved, as the fields that differ and what they were. When the
// record moves on meanwhile, what was not changed here follows; the rest is merged by the
// engine, field by field, and where only one value can stay the person is asked.

import { Document } from '../../../js/src/crdt/document.js'
import { fieldPlan } from '../../../js/src/crdt/plan.js'
import { Draft } from './draft.js'
import { isObject } from './schemas.js'
import { keyOf, same, stepsOf, withValue } from './path.js'

/**
 * @typedef {import('./path.js').Path} Path
 * @typedef {import('./kept.js').Document} Kept
 * @typedef {import('../../../js/src/crdt/plan.js').Plan} Plan
 * @typedef {{[key: string]: any}} Value
 *
 * A record as the server has it.
 * @typedef {object} Moved
 * @property {Value} value
 * @property {Kept['disagreements']} [disagreements]
 *
 * What is to be saved: the fields that differ, null for those that were emptied; what
 * they were, those left out that were not there; the values that somebody picked.
 * @typedef {object} Changes
 * @property {Value} patch
 * @property {Value} from
 * @property {Pick[]} picks
 *
 * One of several values of a conflict field.
 * @typedef {object} Pick
 * @property {Path} path
 * @property {unknown} [value] left out: the field is to be empty
 * @property {string} choice the id of the value that was picked
 * @property {string[]} seen the ids of all that it was picked from
 */

/** A record of the server, with what was changed here. */
export class Edits extends Draft {
  /**
   * @param {Plan} plan
   * @param {Moved} [record] left out: it is to be made
   */
  constructor (plan, record) {
    const { value, disagreements } = record ?? { value: {} }
    super(value)
    this.plan = plan
    this.made = !!record
    /** What the changes are changes of. */
    this.began = value
    /** What a record that is to be made starts with, before anybody types. @type {Value} */
    this.start = {}
    this.open = disagreements ?? []
    /** Fields that somebody else changed to something else, by key. @type {Map<string, {path: Path, value: unknown}>} */
    this.clashes = new Map()
    /** @type {Map<string, Pick>} */
    this.picks = new Map()
  }

  /** Whether it is a record already. */
  get kept () {
    return this.made
  }

  /** @param {Path} path */
  held (path) {
    return valueAt(this.began, path)
  }

  /** The conflict fields that nobody has settled here yet. */
  get document () {
    return { disagreements: this.open.filter(({ path }) => !this.picks.has(keyOf(path)) && same(this.get(path), valueAt(this.began, path))) }
  }

  /** @param {Path} path @param {unknown} value */
  async put (path, value) {
    this.picks.delete(keyOf(path))
    await super.put(path, value)
  }

  /** @param {Path} path @param {unknown} value settles on this one of several values */
  async pick (path, value) {
    await super.put(path, value)
    const values = this.open.find((one) => keyOf(one.path) === keyOf(path))?.values ?? []
    const choice = values.find((one) => same(one.absent ? undefined : one.value, value))?.id ?? ''
    this.picks.set(keyOf(path), { path, ...(value !== undefined && { value }), choice, seen: values.map(({ id = '' }) => id) })
  }

  /**
   * What somebody else made of a field that was changed here; undefined when nobody did.
   * @param {Path} path
   * @returns {{value: unknown} | undefined}
   */
  clash (path) {
    return this.clashes.get(keyOf(path))
  }

  /** @param {Path} path @param {'mine' | 'theirs'} whose value is to stay */
  settle (path, whose) {
    const clash = this.clashes.get(keyOf(path))
    if (!clash) return
    this.clashes.delete(keyOf(path))
    if (whose === 'theirs') super.put(path, clash.value)
  }

  /**
   * What is to be saved.
   * @returns {Changes}
   */
  changes () {
    /** @type {Value} */
    const patch = {}
    /** @type {Value} */
    const from = {}
    for (const key of changedKeys(this.began, this.value)) {
      if (this.picks.has(keyOf([key]))) continue
      patch[key] = this.value[key] ?? null
      if (this.began[key] !== undefined) from[key] = this.began[key]
    }
    return { patch, from, picks: [...this.picks.values()] }
  }

  /** The fields of the record that somebody changed, each by its key. */
  get changed () {
    return [...new Set([...changedKeys(this.made ? this.began : this.start, this.value), ...[...this.picks.values()].map(({ path }) => path[0])])]
  }

  /** Gives a record that is to be made what it starts with. @param {Value} start */
  begin (start) {
    this.start = start
    this.become(start)
  }

  /**
   * It was saved: what is changed from now on is a change of that.
   * @param {Changes} changes
   */
  saved ({ patch, picks }) {
    this.made = true
    this.began = given({ ...this.began, ...patch })
    for (const pick of picks) {
      this.began = withValue(this.began, pick.path, pick.value) ?? {}
      this.picks.delete(keyOf(pick.path))
      this.open = this.open.filter(({ path }) => keyOf(path) !== keyOf(pick.path))
    }
  }

  /**
   * What a field of the record was before it was changed here; undefined where it was not.
   * @param {Path} path
   * @param {unknown} [now] what it shows, where that is typed and not taken in yet
   * @returns {{value: unknown} | undefined}
   */
  was (path, now = this.get(path)) {
    const value = valueAt(this.began, path)
    return !this.made || path.length !== 1 || same(value ?? '', now ?? '') ? undefined : { value }
  }

  /** Lets go of what was changed of a field. @param {Path} path */
  async revert (path) {
    this.clashes.delete(keyOf(path))
    this.picks.delete(keyOf(path))
    this.become(withValue(this.value, path, valueAt(this.began, path)) ?? {})
  }

  /** Lets go of all that was changed. */
  discard () {
    this.clashes.clear()
    this.picks.clear()
    this.become(this.made ? this.began : this.start)
  }

  /**
   * Takes up what was changed at another time.
   * @param {Changes} changes
   */
  resume ({ patch, from, picks }) {
    const now = { value: this.began, disagreements: this.open }
    this.began = given({ ...this.began, ...Object.fromEntries(Object.keys(patch).map((key) => [key, from[key]])) })
    this.become(given({ ...this.began, ...patch }))
    for (const pick of picks) {
      super.put(pick.path, pick.value)
      this.picks.set(keyOf(pick.path), pick)
    }
    this.moved(now)
  }

  /**
   * The record is another one on the server.
   * @param {Moved} record
   */
  moved ({ value, disagreements }) {
    for (const path of clashesOf(this.plan, this.began, this.value, value)) this.clashes.set(keyOf(path), { path, value: valueAt(value, path) })
    for (const [key, { path }] of this.clashes) {
      const theirs = valueAt(value, path)
      if (same(theirs, valueAt(this.value, path))) this.clashes.delete(key)
      else this.clashes.set(key, { path, value: theirs })
    }
    const merged = mergeEdits(this.plan, this.began, this.value, value)
    this.began = value
    this.open = disagreements ?? []
    const open = new Set(this.open.map(({ path }) => keyOf(path)))
    for (const key of this.picks.keys()) if (!open.has(key)) this.picks.delete(key)
    this.become(merged)
  }

  /**
   * Becomes another value; rows that are equal, or stand where one stood, stay the same rows.
   * @param {Value} value
   */
  become (value) {
    for (const [key, ids] of this.ids) {
      const path = stepsOf(key)
      const after = valueAt(value, path)
      if (path.length === 1 && Array.isArray(after)) this.ids.set(key, this.sameRows(ids, this.get(path) ?? [], after))
    }
    this.value = value
    this.onChange()
  }

  /** @param {string[]} ids @param {unknown[]} before @param {unknown[]} after */
  sameRows (ids, before, after) {
    const free = new Set(ids)
    /** @param {number} i of a row before */
    const take = (i) => i >= 0 && free.delete(ids[i]) ? ids[i] : ''
    const equal = after.map((row) => take(before.findIndex((one, i) => free.has(ids[i]) && same(one, row))))
    return equal.map((id, i) => id || take(i) || this.newId())
  }
}

/**
 * What a record is when two who began with the same have made of it mine and theirs.
 * @param {Plan} plan
 * @param {Value} began
 * @param {Value} mine
 * @param {Value} theirs
 * @returns {Value}
 */
export function mergeEdits (plan, began, mine, theirs) {
  const editor = new Document().edit('0000000000000001', plan)
  editor.putAll(theirs)
  for (const key of changedKeys(began, mine)) {
    try {
      editor.rebase(key, began, mine)
    } catch {
      // A value that only goes one way has gone further elsewhere: that one counts.
    }
  }
  return editor.value()
}

/**
 * The fields of which only one value can stay, and that both have changed, to different values.
 * @param {Plan} plan
 * @param {any} began
 * @param {any} mine
 * @param {any} theirs
 * @param {Path} [path]
 * @returns {Path[]}
 */
function clashesOf (plan, began, mine, theirs, path = []) {
  if (same(began, mine) || same(began, theirs) || same(mine, theirs)) return []
  if (plan.strategy === 'map') {
    const keys = new Set([began, mine, theirs].flatMap((one) => isObject(one) ? Object.keys(one) : []))
    return [...keys].flatMap((key) => clashesOf(fieldPlan(plan, key), began?.[key], mine?.[key], theirs?.[key], [...path, key]))
  }
  return plan.strategy === 'register' || plan.strategy === 'conflict' ? [path] : []
}

/** @param {Value} before @param {Value} after */
const changedKeys = (before, after) => [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !same(before[key], after[key]))

/** @param {Value} value without what is undefined or null at the top */
const given = (value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null))

/** @param {any} value @param {Path} path of keys */
const valueAt = (value, path) => path.reduce((at, key) => at?.[key], value)
