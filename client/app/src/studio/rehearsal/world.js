// Two devices and a server between them. What one sends the other hears of at once, while
// both have a network.

import { Type } from '../../../../js/src/device/types.js'
import { messages } from '../../words/problems.js'
import { Device, record } from './device.js'
import { Server } from './server.js'
import { talesOf } from './tale.js'

/**
 * @typedef {import('./tale.js').Tale} Tale
 * @typedef {{[key: string]: any}} Value
 */

/** Whose phones they are. */
export const people = ['Anna', 'Ben']

export class World {
  /**
   * @param {object} options
   * @param {import('../../form/model.js').Type} options.type
   * @param {Value} options.start what the record holds that both have
   * @param {boolean} [options.apart] the record is on the first phone only, made without a network
   * @param {() => number} [options.now] ms since 1970
   */
  constructor ({ type, start, apart = false, now = Date.now }) {
    this.type = new Type(/** @type {any} */ ({ version: 1, ...type, grant: { create: true } }), /** @type {any} */ (messages))
    this.server = new Server({ fields: this.type.fields, now })
    this.devices = people.map((name, i) => new Device({ name, replica: String(i + 1).padStart(16, 'a'), type: this.type, now }))
    /** What came of each meeting, oldest first. @type {Tale[]} */
    this.tales = []
    /** @type {Set<() => void>} */
    this.listeners = new Set()
    this.begin(start, apart)
    for (const device of this.devices) {
      device.onChange = () => this.changed()
      device.onPending = () => this.exchange()
    }
  }

  /** @param {Value} start @param {boolean} apart */
  begin (start, apart) {
    const [first] = this.devices
    const editor = first.view.edit(first.replica, this.type.plan)
    editor.putAll(start)
    first.queue(editor.ops())
    if (apart) first.online = false
    this.exchange()
    this.tales = []
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

  /**
   * Gives a device a network, or takes it away.
   * @param {number} at 0 or 1
   * @param {boolean} online
   */
  connect (at, online) {
    const device = this.devices[at]
    const back = online && !device.online ? device : undefined
    device.online = online
    this.exchange(back)
    this.changed()
  }

  /**
   * Sets a device's clock: so much ahead of the right time, behind it below 0. The device
   * hears nothing of that until it talks to the server.
   * @param {number} at 0 or 1
   * @param {number} skew ms
   */
  setClock (at, skew) {
    this.devices[at].skew = skew
    this.changed()
  }

  /**
   * Whoever has a network sends, then hears of what the others sent.
   * @param {Device} [back] who has just come back, and asks the server though nothing waits
   */
  exchange (back) {
    const online = this.devices.filter((device) => device.online)
    for (const device of online) {
      device.settle()
      if (device !== back && !device.pending.length) continue
      const at = this.server.log.length
      const sent = device.sync(this.server)
      const byClock = this.devices.some(({ skew }) => skew !== 0)
      if (sent) this.tales.push(...talesOf(sent, this.server.log.slice(0, at), this.server.log.slice(at)).map((tale) => ({ ...tale, byClock })))
    }
    for (const device of online) if (device.cursor < this.server.log.length) device.hear(this.server)
  }

  /** Whether both have a network, and nothing waits. */
  get level () {
    return this.devices.every(({ online, pending }) => online && !pending.length)
  }
}

export { record }
