// One record on an admin page, being edited: its form, what of it is not saved, and how
// saving went. A record that is not made yet is the same with nothing to begin with.

import { Edits } from '../form/edits.js'
import { presets } from '../form/model.js'
import { stepsOf } from '../form/path.js'
import { Form } from '../form/state.js'
import { dropUnsaved, keepUnsaved, readUnsaved } from './unsaved.js'

/**
 * @typedef {import('../form/edits.js').Changes} Changes
 * @typedef {import('../form/kept.js').Problem} Problem
 * @typedef {import('../form/path.js').Path} Path
 *
 * A record as the server has it.
 * @typedef {object} State
 * @property {{[key: string]: any}} value
 * @property {Problem[]} [problems] what the server has against it
 * @property {import('../form/kept.js').Document['disagreements']} [disagreements] conflict fields that wait for a pick
 *
 * Saves what was changed, and gives the record as it is then. What it throws is shown;
 * `problems` of what it throws are shown beside their fields.
 * @typedef {(changes: Changes) => Promise<State | void>} Save
 *
 * @typedef {object} Parts
 * @property {import('./type.js').Read} read
 * @property {State} [record] left out: it is to be made
 * @property {import('./unsaved.js').Place} place
 * @property {Save} save
 * @property {boolean} [readOnly]
 * @property {State['value']} [begin] values that the form begins with, changed already, null for none
 */

export class Sheet {
  /** @param {Parts} parts */
  constructor ({ read, record, place, save, readOnly = false, begin = {} }) {
    this.read = read
    this.place = place
    this.save = save
    this.source = new Edits(read.schema.plan, record)
    this.form = new Form({ source: this.source, sections: read.sections, ...read.rules })
    this.form.readOnly = readOnly
    /** @type {Problem[]} */
    this.told = []
    /** @type {'' | 'saving' | 'saved' | 'mend' | 'choose' | 'failed'} */
    this.state = ''
    this.fault = ''
    if (record) this.hear(record)
    else this.source.begin(presets(read.sections.flatMap(({ controls }) => controls)))
    /** How many fields were taken up from an earlier time. */
    this.found = this.takeUp()
    // What is to be changed for somebody stands on what is there, be it what a new record starts with.
    if (!this.found && Object.keys(begin).length) this.source.resume({ patch: { ...!record && this.source.value, ...begin }, from: record?.value ?? {}, picks: [] })
    this.source.onChange = () => this.checkWhole()
    this.checkWhole()
  }

  takeUp () {
    const kept = this.form.readOnly ? undefined : readUnsaved(this.place)
    if (!kept) return 0
    this.source.resume(kept.changes)
    this.form.resume(kept.typed)
    if (!this.fields) dropUnsaved(this.place)
    return this.fields
  }

  /** How many fields are changed, or half typed. */
  get fields () {
    return new Set([...this.source.changed, ...this.form.unwritten().map(([key]) => stepsOf(key)[0])]).size
  }

  /** What the server alone can say of the record: that a value is taken, that another record is gone. @param {State} record */
  hear ({ value, problems = [] }) {
    const own = this.form.options.validate(value)
    this.told = problems.filter(({ path, rule }) => !own.some((one) => one.path === path && one.rule === rule))
  }

  /** Finds what would be wrong with the record if it were saved as it stands. */
  checkWhole () {
    if (!this.source.kept) return this.form.changed()
    const changed = new Set(this.source.changed)
    const told = this.told.filter(({ path }) => !changed.has(stepsOf(path)[0]))
    this.form.carried = this.form.byField([...this.form.options.validate(this.source.value), ...told])
    this.form.changed()
  }

  /**
   * The record is another one on the server.
   * @param {State} record
   */
  moved (record) {
    this.hear(record)
    this.source.moved(record)
    this.checkWhole()
    this.keep()
  }

  /** Keeps in the browser what is not saved. */
  keep () {
    keepUnsaved(this.place, this.form)
  }

  /** Lets go of all that was typed. */
  discard () {
    this.form.typed.clear()
    this.form.found.clear()
    this.form.touched.clear()
    this.form.tried = false
    this.found = 0
    this.state = ''
    this.source.discard()
    dropUnsaved(this.place)
    this.checkWhole()
  }

  /**
   * Saves, if all that was typed can be.
   * @returns {Promise<Path | undefined>} the field that keeps it from being saved
   */
  async submit () {
    if (this.state === 'saving' || (this.source.kept && !this.fields)) return undefined
    await this.leaveAll()
    const stopped = this.inTheWay()
    if (stopped) return stopped
    const changes = this.source.changes()
    this.become('saving')
    try {
      const record = await this.save(changes)
      this.source.saved(changes)
      this.found = 0
      this.moved(record ?? { value: this.source.began })
      this.become('saved')
    } catch (error) {
      this.refused(/** @type {Error & {problems?: Problem[]}} */ (error))
    }
    return undefined
  }

  /** Takes in what is half typed, where it can be and nobody is in the way. */
  async leaveAll () {
    for (const [key] of this.form.unwritten()) {
      const path = stepsOf(key)
      const control = this.form.controlAt(path)
      if (control && !this.form.wholeOf(path)) await this.form.leave(control, path)
    }
  }

  /** What keeps it from being saved: a value that is none, or somebody else's that nobody chose between. */
  inTheWay () {
    const [typed] = this.form.unwritten()
    const [clash] = this.source.clashes.values()
    const path = typed ? stepsOf(typed[0]) : clash?.path
    if (path) this.become(this.form.elsewhere(path) ? 'choose' : 'mend')
    else if (!this.source.kept && !this.form.checkAll()) this.become('mend')
    else return undefined
    return path ?? this.form.errors()[0]?.path ?? []
  }

  /** @param {Sheet['state']} state */
  become (state) {
    this.state = state
    this.form.changed()
  }

  /** @param {Error & {problems?: Problem[]}} error */
  refused (error) {
    this.fault = error.message
    for (const [key, list] of this.form.byField(error.problems ?? [])) this.form.found.set(key, list)
    this.keep()
    this.become('failed')
  }
}
