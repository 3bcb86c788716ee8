// A text that somebody types in: what is typed is gathered for a moment and becomes one
// change, as in the SDK. Positions count UTF-16 units.

/**
 * @typedef {import('./device.js').Device} Device
 * @typedef {import('../../../../js/src/crdt/editor.js').Editor} Editor
 */

/** So long typing is gathered, ms. */
const gather = 300

export class Typing {
  /**
   * @param {Device} device
   * @param {string[]} path
   */
  constructor (device, path) {
    this.device = device
    this.path = path
    /** What is being gathered. @type {Editor | undefined} */
    this.editor = undefined
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    /** @type {Set<() => void>} */
    this.listeners = new Set()
    device.texts.add(this)
  }

  /** The record with what is being gathered. */
  get doc () {
    return this.editor?.work ?? this.device.view
  }

  get value () {
    return this.doc.text(this.path)
  }

  /** @param {number} at @param {number} remove @param {string} insert */
  splice (at, remove, insert) {
    this.editor ??= this.device.view.edit(this.device.replica, this.device.type.plan)
    this.editor.splice(this.path, at, remove, insert)
    this.timer ??= setTimeout(() => this.settle(), gather)
  }

  /** @param {number} at */
  anchor (at) {
    return this.doc.anchor(this.path, at)
  }

  /** @param {string} anchor */
  indexOf (anchor) {
    return this.doc.indexOf(this.path, anchor)
  }

  /** @param {() => void} fn @returns {() => void} ends it */
  subscribe (fn) {
    this.listeners.add(fn)
    return () => { this.listeners.delete(fn) }
  }

  /** Others have changed the text. */
  tell () {
    for (const fn of this.listeners) fn()
  }

  /** Makes a change of what was typed. What the type forbids still shows, and waits for more typing. */
  flush () {
    clearTimeout(this.timer)
    this.timer = undefined
    const { editor } = this
    if (!editor) return
    const ops = editor.ops()
    this.device.type.check(ops)
    this.editor = undefined
    this.device.queue(ops)
  }

  /** The same where nobody waits for it: the form says what is wrong. */
  settle () {
    try {
      this.flush()
    } catch {}
  }

  close () {
    this.settle()
    this.device.texts.delete(this)
    this.listeners.clear()
  }
}
