// Ties a text area to a text that others write in too. What is typed becomes splices at
// once; what others do appears around the caret, which stays between the letters it
// stood between.

import { spliceOf } from '../enter.js'

/** @typedef {import('../kept.js').TextHandle} TextHandle */

export class TextBinding {
  /**
   * @param {HTMLTextAreaElement} area shows the text from now on
   * @param {TextHandle} handle closed with the binding
   */
  constructor (area, handle) {
    this.area = area
    this.handle = handle
    /** What the area held when it and the text last knew of each other. */
    this.shown = area.value = handle.value
    this.composing = false
    this.typed = false
    /** The places before and behind the selection, as the text knows them. */
    this.start = this.end = ''
    const listen = new AbortController()
    const options = { signal: listen.signal }
    area.addEventListener('input', () => this.input(), options)
    area.addEventListener('compositionstart', () => { this.composing = true }, options)
    area.addEventListener('compositionend', () => { this.composing = false; this.input() }, options)
    document.addEventListener('selectionchange', () => this.remember(), options)
    // Out of a shadow tree it is not heard of everywhere.
    area.addEventListener('selectionchange', () => this.remember(), options)
    const off = handle.subscribe(() => this.show())
    this.stop = () => { listen.abort(); off() }
  }

  get value () {
    return this.handle.value
  }

  get focused () {
    return /** @type {Document | ShadowRoot} */ (this.area.getRootNode()).activeElement === this.area
  }

  /** The person typed, pasted, cut, or undid. */
  input () {
    const now = this.area.value
    const { at, remove, insert } = spliceOf(this.shown, now, this.area.selectionEnd)
    if (remove || insert) {
      // The text may have moved on while letters were being composed.
      const others = spliceOf(this.shown, this.handle.value, this.handle.value.length)
      const from = moved(at, others)
      const to = Math.max(from, moved(at + remove, others))
      this.shown = now
      this.typed = true
      this.handle.splice(from, to - from, insert)
    }
    this.show()
  }

  /** Shows what others did. A text that is being composed is left alone until it is done. */
  show () {
    if (this.composing) return
    const now = this.handle.value
    if (now !== this.area.value) {
      const { scrollTop, selectionStart, selectionEnd, selectionDirection } = this.area
      const focused = this.focused
      this.area.value = now
      if (focused) this.area.setSelectionRange(this.placeOf(this.start, selectionStart), this.placeOf(this.end, selectionEnd), selectionDirection)
      this.area.scrollTop = scrollTop
    }
    this.shown = now
    this.remember()
  }

  /**
   * Where a place is now; where it was, when the text does not know it any more.
   * @param {string} anchor
   * @param {number} before
   */
  placeOf (anchor, before) {
    const at = this.handle.indexOf(anchor)
    return at < 0 ? Math.min(before, this.handle.value.length) : at
  }

  /** Remembers between which letters the selection stands. */
  remember () {
    if (!this.focused || this.area.value !== this.handle.value) return
    this.start = this.handle.anchor(this.area.selectionStart)
    this.end = this.handle.anchor(this.area.selectionEnd)
  }

  /**
   * Makes what was typed a change on the device.
   * @returns {Promise<boolean>} whether anything was typed since the last time
   */
  async flush () {
    const typed = this.typed
    this.typed = false
    if (typed) await this.handle.flush()
    return typed
  }

  close () {
    this.stop()
    this.handle.close()
  }
}

/**
 * Where a place is after a splice.
 * @param {number} place
 * @param {{at: number, remove: number, insert: string}} splice
 */
function moved (place, { at, remove, insert }) {
  if (place <= at) return place
  return place >= at + remove ? place + insert.length - remove : at + insert.length
}
