// The state of a form: what is typed and not yet written, what is wrong with it, which
// fields show. Components draw it and call it; it calls back when something moved.
//
// A new record takes in what is typed at once and is checked as a whole when it is
// saved. A record that is kept gets each field when it is left, if the field is valid;
// what is not valid stays typed, with its error, and everybody else's changes show in
// all fields but the one that is typed in.

import { holds } from './model.js'
import { keyOf, same, stepsOf, withValue } from './path.js'

/**
 * @typedef {import('./model.js').Control} Control
 * @typedef {import('./path.js').Path} Path
 * @typedef {import('./kept.js').Problem} Problem
 * @typedef {import('./draft.js').Draft | import('./kept.js').Kept | import('./edits.js').Edits} Source
 *
 * What is typed into a field and not written yet.
 * @typedef {object} Typed
 * @property {unknown} value undefined: empty
 * @property {string} [raw] as it was typed, where that is not the value itself
 * @property {string} [fault] why it is no value at all
 * @property {boolean} [blocked] a part of it is no value
 * @property {unknown} base what the field held when typing began
 * @property {boolean} [writing]
 *
 * @typedef {object} Options
 * @property {Source} source
 * @property {import('./model.js').Section[]} sections
 * @property {(path: Path, value: unknown) => Problem[]} validateField
 * @property {(value: any) => Problem[]} validate
 * @property {(condition: unknown, value: unknown) => boolean} matches
 * @property {(label: string) => string} requiredMessage
 * @property {number} [pause] ms between typing and checking
 */

export class Form {
  /** @param {Options} options */
  constructor (options) {
    this.source = options.source
    this.sections = options.sections
    this.options = options
    /** @type {Map<string, Typed>} */
    this.typed = new Map()
    /** @type {Map<string, Problem[]>} what this form found */
    this.found = new Map()
    /** @type {Map<string, Problem[]>} what the record itself carries */
    this.carried = new Map()
    /** @type {Set<string>} */
    this.touched = new Set()
    this.tried = false
    /** The key of the field that was written last. */
    this.saved = ''
    this.readOnly = false
    /** Rows that were just added: what they lack is not held against them yet. @type {Set<string>} */
    this.fresh = new Set()
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map()
    /** @type {Set<() => void>} */
    this.listeners = new Set()
    this.holding = this.stale = false
    /** @type {Map<string, Control>} */
    this.controls = new Map()
    for (const { controls } of this.sections) this.index(controls)
  }

  /** @param {Control[]} controls */
  index (controls) {
    for (const control of controls) {
      this.controls.set(keyOf(control.path), control)
      this.index(control.controls)
      if (control.row) this.index([control.row])
    }
  }

  /**
   * Calls fn whenever something of the form moved.
   * @param {() => void} fn
   * @returns {() => void} ends that
   */
  subscribe (fn) {
    this.listeners.add(fn)
    return () => { this.listeners.delete(fn) }
  }

  changed () {
    this.stale = true
    if (this.holding) return
    this.stale = false
    for (const fn of this.listeners) fn()
  }

  /**
   * Draws nothing until release(). While a button is pressed the field that is left would
   * say what is wrong with it, and move the button away from under the finger.
   */
  hold () {
    this.holding = true
  }

  release () {
    this.holding = false
    if (this.stale) this.changed()
  }

  /**
   * Takes in a new state of a kept record.
   * @param {import('./kept.js').Document} document
   */
  setDocument (document) {
    if ('setDocument' in this.source) this.source.setDocument(document)
    this.carried = this.byField(document.problems)
    this.changed()
  }

  /**
   * The control of a path; row identities and keys without a name stand for `*`.
   * @param {Path} path
   */
  controlAt (path) {
    let at = ''
    for (const step of path) {
      const next = at + keyOf([step])
      at = this.controls.has(next) ? next : at + '/*'
      // What a row holds is known by the fields below it, not always by itself.
      if (!this.controls.has(at) && !this.hasBelow(at)) return undefined
    }
    return this.controls.get(at)
  }

  /** @param {string} key */
  hasBelow (key) {
    for (const known of this.controls.keys()) if (known.startsWith(key + '/')) return true
    return false
  }

  /**
   * What a field shows: what is typed, else what the record holds.
   * @param {Path} path
   * @returns {any}
   */
  value (path) {
    const typed = this.typed.get(keyOf(path))
    if (typed) return typed.value
    const whole = this.wholeOf(path)
    return whole ? this.value(whole.path)?.[whole.key] : this.source.get(path)
  }

  /**
   * The value that a part belongs to where all its parts change together.
   * @param {Path} path
   * @returns {{control: Control, path: Path, key: string} | undefined}
   */
  wholeOf (path) {
    const above = path.slice(0, -1)
    const control = above.length ? this.controlAt(above) : undefined
    return control?.whole ? { control, path: above, key: path[path.length - 1] } : undefined
  }

  /**
   * Somebody typed. Writes nothing to a kept record yet.
   * @param {Control} control
   * @param {Path} path
   * @param {{value: unknown, raw?: string, fault?: string, blocked?: boolean}} what
   */
  type (control, path, { value, raw, fault, blocked }) {
    const key = keyOf(path)
    const before = this.typed.get(key)
    this.typed.set(key, { value, raw, fault, blocked, base: before && !before.writing ? before.base : this.source.get(path) })
    if (this.saved === key) this.saved = ''
    if (!this.source.kept && !fault && !blocked) this.source.put(path, emptied(control, value))
    if (this.touched.has(key) || this.tried) this.checkLater(control, path)
    this.changed()
  }

  /** @param {Control} control @param {Path} path */
  checkLater (control, path) {
    const key = keyOf(path)
    clearTimeout(this.timers.get(key))
    this.timers.set(key, setTimeout(() => {
      if (!this.typed.has(key)) return
      this.check(control, path, this.value(path))
      this.changed()
    }, this.options.pause ?? 250))
  }

  /**
   * The field was left: it is checked, and written if it is valid and nobody else changed
   * it meanwhile; then it waits for a word on which of the two it is to be.
   * @param {Control} control
   * @param {Path} path
   */
  async leave (control, path) {
    const key = keyOf(path)
    const typed = this.typed.get(key)
    this.touched.add(key)
    clearTimeout(this.timers.get(key))
    const fine = this.check(control, path, this.value(path))
    if (typed && !typed.fault && !typed.blocked) {
      if (!this.source.kept || same(typed.value, this.source.get(path))) this.drop(key)
      else if (fine && !this.elsewhere(path)) await this.write(control, path, () => this.source.put(path, emptied(control, typed.value)))
    }
    this.changed()
  }

  /** Leaves every field that is typed in: the page goes. */
  async leaveAll () {
    const paths = [...this.typed.keys()].map(stepsOf).filter((path) => !this.wholeOf(path))
    await Promise.all(paths.map((path) => {
      const control = this.controlAt(path)
      return control && this.insist(control, path)
    }))
  }

  /**
   * What is typed and could not be written, to be kept where the page may go.
   * @returns {[string, Typed][]}
   */
  unwritten () {
    return [...this.typed]
  }

  /**
   * Takes up what was typed before, in another form of the same record.
   * @param {[string, Typed][]} typed
   */
  resume (typed) {
    for (const [key, one] of typed) {
      if (!this.controlAt(stepsOf(key))) continue
      this.typed.set(key, one)
      this.touched.add(key)
    }
    for (const key of this.typed.keys()) {
      const path = stepsOf(key)
      const control = this.controlAt(path)
      if (control && !this.wholeOf(path)) this.check(control, path, this.value(path))
    }
    this.changed()
  }

  /**
   * A value that is chosen rather than typed: checked and written at once.
   * @param {Control} control
   * @param {Path} path
   * @param {unknown} value
   */
  async choose (control, path, value) {
    this.typed.delete(keyOf(path))
    this.type(control, path, { value })
    await this.leave(control, path)
  }

  /**
   * What is typed goes in, although somebody else changed the field meanwhile.
   * @param {Control} control
   * @param {Path} path
   */
  async insist (control, path) {
    const typed = this.typed.get(keyOf(path))
    if ('settle' in this.source) this.source.settle(path, 'mine')
    if (typed) typed.base = this.source.get(path)
    await this.leave(control, path)
  }

  /**
   * Writes, marks the field as saved, and shows beside it what the device says against it.
   * @param {Control} control
   * @param {Path} path
   * @param {() => Promise<unknown>} write
   * @returns {Promise<boolean>} whether it went well
   */
  async write (control, path, write) {
    const key = keyOf(path)
    const typed = this.typed.get(key)
    if (typed) typed.writing = true
    try {
      await write()
      if (this.typed.get(key) === typed) this.drop(key)
      this.clear(path)
      if (this.source.saves) this.saved = key
      return true
    } catch (error) {
      if (typed) typed.writing = false
      this.found.set(key, [{ path: key, field: control.label, rule: 'refused', message: error instanceof Error ? error.message : String(error) }])
      return false
    } finally {
      this.changed()
    }
  }

  /**
   * Lets go of what is typed: the field shows what the record holds.
   * @param {Path} path
   */
  forget (path) {
    if ('settle' in this.source) this.source.settle(path, 'theirs')
    this.drop(keyOf(path))
    this.clear(path)
    this.changed()
  }

  /** @param {string} key of a field that, with its parts, is no longer typed in */
  drop (key) {
    for (const known of this.typed.keys()) if (known === key || known.startsWith(key + '/')) this.typed.delete(known)
  }

  /**
   * Checks one field and keeps what is found.
   * @param {Control} control
   * @param {Path} path
   * @param {unknown} value
   * @returns {boolean} whether it is valid
   */
  check (control, path, value) {
    this.clear(path)
    const written = emptied(control, value)
    const problems = written === undefined ? this.missing(control, path) : this.options.validateField(path, written)
    for (const [key, list] of this.byField(problems)) this.found.set(key, list)
    return problems.length === 0
  }

  /** @param {Control} control @param {Path} path @returns {Problem[]} */
  missing (control, path) {
    if (!this.required(control, path)) return []
    return [{ path: keyOf(path), field: control.label, rule: 'required', message: this.options.requiredMessage(control.label) }]
  }

  /** Forgets what was found at a path and below. @param {Path} path */
  clear (path) {
    const at = keyOf(path)
    for (const key of this.found.keys()) if (key === at || key.startsWith(at + '/')) this.found.delete(key)
  }

  /**
   * Checks the whole of a new record.
   * @returns {boolean} whether it can be saved
   */
  checkAll () {
    this.tried = true
    const faults = [...this.typed].filter(([, { fault }]) => fault)
    this.found = this.byField(this.options.validate(this.source.value))
    for (const [key, { fault }] of faults) this.found.set(key, [{ path: key, rule: 'type', message: fault ?? '' }])
    this.changed()
    return this.found.size === 0
  }

  /**
   * Problems by the key of the control that shows them. Places in a list become the
   * identities of its rows.
   * @param {Problem[]} problems
   */
  byField (problems) {
    /** @type {Map<string, Problem[]>} */
    const map = new Map()
    for (const problem of problems) {
      const path = this.shownAt(problem.path)
      const key = keyOf(path)
      map.set(key, [...map.get(key) ?? [], problem])
    }
    return map
  }

  /** @param {string} pointer @returns {Path} of the control that shows a problem there */
  shownAt (pointer) {
    /** @type {Path} */
    let shown = []
    /** @type {Path} */
    const path = []
    for (const step of stepsOf(pointer)) {
      const list = path.length && Array.isArray(this.source.get(path)) ? this.source.rows(path) : undefined
      path.push(list && !list.some(({ id }) => id === step) ? list[Number(step)]?.id ?? step : step)
      const control = this.controlAt(path)
      if (control && control.kind !== 'group') shown = [...path]
      if (control && !control.controls.length && !control.row) break
    }
    return shown.length ? shown : path.slice(0, 1)
  }

  /**
   * What is wrong with a field, in words; '' when nothing is.
   * @param {Path} path
   */
  error (path) {
    const key = keyOf(path)
    const typed = this.typed.get(key)
    if (typed?.fault && (this.touched.has(key) || this.tried)) return typed.fault
    const problems = this.found.get(key) ?? (typed || this.isFresh(key) ? undefined : this.carried.get(key))
    return problems?.map(({ message }) => message).join(' ') ?? ''
  }

  /** @param {string} key of a field that nobody has been in yet, in a row that was just added */
  isFresh (key) {
    return !this.touched.has(key) && [...this.fresh].some((row) => key.startsWith(row + '/'))
  }

  /**
   * All that is wrong, in the order of the form, for a summary: of a new record what was
   * found, of a kept one what it carries, whatever is being typed into it.
   * @returns {{path: Path, label: string, message: string}[]}
   */
  errors () {
    const keys = [...(this.source.kept ? this.carried : this.found).keys()]
    const order = [...this.controls.keys()]
    const place = (/** @type {Control | undefined} */ control) => control ? order.indexOf(keyOf(control.path)) : order.length
    return keys.map((key) => ({ path: stepsOf(key), message: this.error(stepsOf(key)) }))
      .filter(({ message }) => message)
      .map((one) => ({ ...one, control: this.controlAt(one.path) }))
      .sort((a, b) => place(a.control) - place(b.control))
      .map(({ path, message }) => ({ path, message, label: this.labelOf(keyOf(path)) }))
  }

  /** What the field of a key is called. @param {string} key */
  labelOf (key) {
    const path = stepsOf(key)
    return this.controlAt(path)?.label ?? path[path.length - 1] ?? ''
  }

  /**
   * Whether a control shows: its conditions hold and it is not laid aside, or something
   * is wrong with it that could not be mended otherwise.
   * @param {Control} control
   * @param {Path} path
   */
  visible (control, path) {
    const shows = control.when.every((test) => this.holds(test, path)) && !(this.isLaidAside(control) && this.source.get(path) === undefined)
    return shows || this.isWrong(keyOf(path))
  }

  /**
   * Whether a control shows only where there is a value: people need not see an empty
   * field that they can not, or should no longer, fill in.
   * @param {Control} control
   */
  isLaidAside ({ deprecated, kind, readOnly }) {
    return deprecated || kind === 'other' || (readOnly && kind !== 'serial' && !this.source.kept)
  }

  /** @param {string} key */
  isWrong (key) {
    for (const known of [...this.found.keys(), ...this.carried.keys()]) if (known === key || known.startsWith(key + '/')) return true
    return false
  }

  /** @param {Control} control @param {Path} path */
  required (control, path) {
    if (path.length > 1 && this.isUnused(path.slice(0, -1))) return false
    return control.required || control.requires.some((test) => this.holds(test, path, false))
  }

  /**
   * Whether a group of fields may be left out and is: then nothing in it is required.
   * @param {Path} path
   */
  isUnused (path) {
    const control = this.controlAt(path)
    return !!control && (control.kind === 'group' || control.kind === 'place') && !this.required(control, path) && this.value(path) === undefined
  }

  /** @param {import('./model.js').Test} test @param {Path} path @param {boolean} [unknown] what is said of a test that cannot be made here */
  holds (test, path, unknown) {
    return holds(test, this.source.get(path.slice(0, test.depth)), this.options.matches, unknown)
  }

  /**
   * What somebody else made of a field while it is typed in, or changed and not saved;
   * undefined when nobody did.
   * @param {Path} path
   * @returns {{value: unknown} | undefined}
   */
  elsewhere (path) {
    const clash = 'clash' in this.source ? this.source.clash(path) : undefined
    if (clash) return clash
    const typed = this.typed.get(keyOf(path))
    if (!typed || typed.writing || !this.source.kept) return undefined
    const now = this.source.get(path)
    return same(now, typed.base) || same(now, typed.value) ? undefined : { value: now }
  }

  /**
   * One part of a value that changes as a whole was typed; the whole is written when
   * leaveWhole says that it was left.
   * @param {Control} control of the whole
   * @param {Path} path of the whole
   * @param {string} key of the part
   * @param {{value: unknown, raw?: string, fault?: string}} what
   */
  typePart (control, path, key, { value, raw, fault }) {
    this.typed.set(keyOf([...path, key]), { value, raw, fault, base: value, writing: true })
    const blocked = control.controls.some((part) => this.typed.get(keyOf([...path, part.key]))?.fault)
    this.type(control, path, { value: withValue(this.value(path), [key], value), blocked })
  }

  /** @param {Control} control @param {Path} path */
  leaveWhole (control, path) {
    for (const { key } of control.controls) this.touched.add(keyOf([...path, key]))
    return this.leave(control, path)
  }
}

/**
 * The value as it is written: empty texts, lists and objects are no value.
 * @param {Control} control
 * @param {unknown} value
 */
function emptied (control, value) {
  const none = value === undefined || value === '' || (Array.isArray(value) && !value.length) ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value).length)
  if (!none) return value
  return control.nullable && control.required ? null : undefined
}
