// A device in small: what the server has confirmed and what waits to be sent, as the SDK
// keeps them; what its person sees is both, merged.

import { Document } from '../../../../js/src/crdt/document.js'
import { Clock, millis, newTime } from '../../../../js/src/crdt/stamp.js'
import { applyPending } from '../../../../js/src/device/view.js'
import { Typing } from './typing.js'

/**
 * @typedef {import('./server.js').Change} Change
 * @typedef {import('./server.js').Server} Server
 * @typedef {import('../../../../js/src/crdt/editor.js').Editor} Editor
 * @typedef {import('../../../../js/src/device/types.js').Type} Type
 *
 * @typedef {import('./tale.js').Delivery} Delivery
 */

/** The record that is rehearsed with. */
export const record = '00000000-0000-7000-8000-000000000001'

export class Device {
  /**
   * @param {object} options
   * @param {string} options.name whose it is
   * @param {string} options.replica
   * @param {Type} options.type
   * @param {() => number} options.now ms since 1970
   */
  constructor ({ name, replica, type, now }) {
    this.name = name
    this.replica = replica
    this.type = type
    this.now = now
    this.online = true
    /** What its clock is ahead, ms; behind below 0. */
    this.skew = 0
    /** Server's clock less this one's, ms, as the device last heard it. */
    this.offset = 0
    this.confirmed = new Document()
    /** @type {{change: Change, seen: {[replica: string]: number}}[]} */
    this.pending = []
    this.cursor = 0
    this.n = 0
    this.clock = new Clock()
    /** @type {Document | undefined} */
    this.seen = undefined
    /** Texts that somebody types in. @type {Set<Typing>} */
    this.texts = new Set()
    /** Called when what the person sees may be another. */
    this.onChange = () => {}
    /** Called when a change waits to be sent. */
    this.onPending = () => {}
  }

  /** What its clock says, ms since 1970. */
  get time () {
    return this.now() + this.skew
  }

  /** The record as the person sees it. Nobody changes it. */
  get view () {
    if (!this.seen) {
      this.seen = this.confirmed.clone()
      for (const { change } of this.pending) applyPending(this.seen, change)
    }
    return this.seen
  }

  /**
   * Makes one change, checked by the type. It throws, and changes nothing, where that forbids it.
   * @param {string} _id of the record: there is one only
   * @param {(editor: Editor) => void} edit
   */
  async update (_id, edit) {
    const editor = this.view.edit(this.replica, this.type.plan)
    edit(editor)
    this.queue(editor.ops())
  }

  /**
   * Queues operations as the next change. Does nothing without.
   * @param {import('./server.js').Op[]} ops
   */
  queue (ops) {
    if (!ops.length) return
    this.type.check(ops)
    const seen = this.view.seen()
    const prev = seen[this.replica]
    const stamp = this.clock.next(this.time + this.offset)
    const { name, version } = this.type
    this.pending.push({ seen, change: { replica: this.replica, n: ++this.n, ...(prev && { prev }), stamp, type: name, version, doc: record, ops } })
    this.seen = undefined
    this.onChange()
    this.onPending()
  }

  /**
   * A text to type in. Its owner closes it.
   * @param {string} _id
   * @param {string[]} path
   */
  async text (_id, path) {
    return new Typing(this, path)
  }

  /** Makes changes of all that is being typed. */
  settle () {
    for (const text of this.texts) text.settle()
  }

  /**
   * Sends what waits, takes in what others did, and hears the server's time.
   * @param {Server} server
   * @returns {Delivery | undefined} what was sent, if anything was
   */
  sync (server) {
    this.settle()
    const sent = this.pending
    const before = server.doc
    const drift = this.time + this.offset - server.now()
    const accepted = sent.map(({ change, seen }) => server.accept(change, this.name, seen))
    for (const change of accepted) this.confirmed.apply(change)
    this.pending = []
    this.offset = server.now() - this.time
    // What is done next comes after all that the server has shown, should this clock be behind.
    this.clock.observe(newTime(server.now(), 65535))
    const after = server.doc
    this.hear(server)
    if (!sent.length) return undefined
    const back = sent.some(({ change }, i) => millis(change.stamp) > millis(accepted[i].stamp))
    return { by: this.name, replica: this.replica, seen: sent[0].seen, ops: sent.flatMap(({ change }) => change.ops), before, after, drift, back }
  }

  /**
   * Takes in what others did.
   * @param {Server} server
   */
  hear (server) {
    for (const { change } of server.log.slice(this.cursor)) {
      this.confirmed.apply(change)
      this.clock.observe(change.stamp)
    }
    this.cursor = server.log.length
    this.seen = undefined
    this.onChange()
    for (const text of this.texts) text.tell()
  }

  /** The record as forms take it. @returns {import('../../form/kept.js').Document} */
  get document () {
    const { view } = this
    const value = view.value()
    return {
      id: record, type: this.type.name, value, deleted: false, pending: this.pending.length > 0,
      problems: this.type.validate(value), disagreements: view.disagreements(),
      rows: (path) => view.rows(path)
    }
  }
}
