// A rehearsal: which field, the two devices with their forms, and the story that is being
// played, if one is.

import { openForm } from '../../form/open.js'
import { presets } from '../../form/model.js'
import { sampleRecord } from './samples.js'
import { storyOf, storyOfAll } from './story.js'
import { World } from './world.js'

/**
 * @typedef {import('../type.js').Read} Read
 * @typedef {import('../../form/model.js').Control} Control
 * @typedef {import('../../form/state.js').Form} Form
 */

/** How long a step stands before the next one, ms. */
const pace = 2600

/** Kinds that nobody can write. */
const fixed = new Set(['const', 'other'])

export class Rehearsal {
  /**
   * @param {Read} read
   * @param {{focus?: string, moves?: boolean}} [options] focus: the key of a field; '': the whole form.
   *   moves: whether a story goes on by itself
   */
  constructor (read, { focus, moves = true } = {}) {
    this.read = read
    this.moves = moves
    this.focus = this.known(focus)
    /** @type {Set<() => void>} */
    this.listeners = new Set()
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    this.story = this.prepared()
    /** The step of the story that was played last; -1: none. */
    this.at = -1
    /** What the clock of each phone is ahead, ms. */
    this.skews = [0, 0]
    this.world = this.newWorld()
    this.forms = this.newForms()
  }

  /** The fields that can be rehearsed. */
  get choices () {
    return this.read.sections.flatMap(({ controls }) => controls).filter(({ kind, readOnly, deprecated, strategy }) => !deprecated && !fixed.has(kind) && (!readOnly || strategy === 'serial'))
  }

  /** A field that can be rehearsed: the one asked for, if it is one. @param {string} [focus] */
  known (focus) {
    return focus === '' || this.choices.some(({ key }) => key === focus) ? /** @type {string} */ (focus) : this.choices[0]?.key ?? ''
  }

  /** The field that is rehearsed; undefined: all of them. */
  get control () {
    return this.choices.find(({ key }) => key === this.focus)
  }

  /** Begins anew, with the same field. */
  begin () {
    this.rest()
    this.story = this.prepared()
    this.at = -1
    this.world = this.newWorld()
    this.forms = this.newForms()
    this.follow()
  }

  prepared () {
    return this.control ? storyOf(this.read, this.control) : storyOfAll(this.read, this.choices, this.sample)
  }

  /** What a record begins with. */
  get sample () {
    return sampleRecord(this.read, presets(this.read.sections.flatMap(({ controls }) => controls)))
  }

  newWorld () {
    const start = this.story?.start ?? (this.control ? {} : this.sample)
    const world = new World({ type: this.read.type, start, apart: this.story?.apart })
    this.skews.forEach((skew, i) => world.setClock(i, skew))
    world.subscribe(() => this.follow())
    return world
  }

  /**
   * Sets the clock of a phone, and leaves it so when another rehearsal begins.
   * @param {number} at 0 or 1
   * @param {number} skew what it is ahead, ms
   */
  setClock (at, skew) {
    this.skews[at] = skew
    this.world.setClock(at, skew)
  }

  newForms () {
    return this.world.devices.map((device) => openForm(device, device.document, this.sections, this.read.rules))
  }

  /** What the phones show: the field, without its conditions, and beside a number what a record needs to be one. */
  get sections () {
    const { control } = this
    if (!control) return this.read.sections
    const beside = Object.keys(this.story?.start ?? {}).filter((key) => key !== control.key)
    const shown = this.choices.filter(({ key }) => key === control.key || beside.includes(key))
    return [{ title: '', controls: shown.map((one) => ({ ...one, when: [] })) }]
  }

  /** The forms show what the devices hold. */
  follow () {
    this.world.devices.forEach((device, i) => this.forms[i].setDocument(device.document))
    this.changed()
  }

  /** @param {string} focus */
  choose (focus) {
    this.focus = this.known(focus)
    this.begin()
  }

  /**
   * The type is another one.
   * @param {Read} read
   */
  become (read) {
    this.read = read
    this.focus = this.known(this.focus)
    this.begin()
  }

  /** What of the record breaks the rules of the type, once both hold the same. */
  get problems () {
    const [device] = this.world.devices
    if (!this.world.level) return []
    const problems = device.document.problems
    return this.control ? problems.filter(({ path }) => path === '/' + this.focus || path.startsWith('/' + this.focus + '/')) : problems
  }

  // The story

  /** The step that was played last. */
  get step () {
    return this.story?.steps[this.at]
  }

  get playing () {
    return this.timer !== undefined
  }

  get ended () {
    return !!this.story && this.at === this.story.steps.length - 1
  }

  /** Plays the story from its beginning. */
  play () {
    this.begin()
    this.next()
  }

  /** Plays the next step, and goes on if nobody stops it. */
  next () {
    this.rest()
    const step = this.story?.steps[this.at + 1]
    if (!step) return
    this.at++
    Promise.resolve(step.run(this.world)).catch((error) => console.warn(error)).then(() => this.changed())
    if (this.moves && !this.ended) this.goOn()
    this.changed()
  }

  /** Goes on by itself from now on. */
  goOn () {
    this.timer = setTimeout(() => this.next(), pace)
    this.changed()
  }

  /** Stands still. */
  rest () {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  pause () {
    this.rest()
    this.changed()
  }

  /** Leaves the story where it is; the phones go on. */
  stop () {
    this.rest()
    this.at = -1
    this.changed()
  }

  /**
   * Calls fn whenever something moved.
   * @param {() => void} fn
   * @returns {() => void} ends that
   */
  subscribe (fn) {
    this.listeners.add(fn)
    return () => { this.listeners.delete(fn) }
  }

  changed () {
    for (const fn of this.listeners) fn()
  }
}
