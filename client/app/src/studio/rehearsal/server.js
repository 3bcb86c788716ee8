// A server in small: one record, one log. It merges with the engine that devices have, and
// does with stamps and numbers what the real one does (package collections: restamp, serial).

import { Document } from '../../../../js/src/crdt/document.js'
import { Clock, after, millis } from '../../../../js/src/crdt/stamp.js'

/**
 * @typedef {import('../../../../js/src/crdt/change.js').Change} Change
 * @typedef {import('../../../../js/src/crdt/change.js').Op} Op
 * @typedef {import('../../../../js/src/crdt/stamp.js').Vector} Vector
 *
 * One accepted change.
 * @typedef {object} Entry
 * @property {Change} change with the stamp that counts
 * @property {string} by whose it is; '': the server's own
 * @property {Vector} seen what its author had seen of the record when making it
 */

/** The replica that numbers records. */
const own = 'f'.repeat(16)

export class Server {
  /**
   * @param {object} options
   * @param {{path: string[], serial?: string}[]} options.fields
   * @param {() => number} options.now ms since 1970
   */
  constructor ({ fields, now }) {
    this.now = now
    this.serials = fields.filter(({ serial }) => serial)
    this.doc = new Document()
    /** @type {Entry[]} */
    this.log = []
    this.clock = new Clock()
    /** The stamp given to each replica last. @type {Map<string, string>} */
    this.last = new Map()
    /** How many records it has numbered. */
    this.numbered = 0
  }

  /**
   * Takes a change in. It throws, and nothing changes, where the change cannot be one.
   * @param {Change} change
   * @param {string} by
   * @param {Vector} seen
   * @returns {Change} as the log holds it
   */
  accept (change, by, seen) {
    const stamped = { ...change, stamp: this.stampFor(change) }
    this.enter({ change: stamped, by, seen })
    this.number()
    return stamped
  }

  /** A stamp of the future is brought back, in the device's own order. @param {Change} change */
  stampFor ({ replica, stamp }) {
    const now = this.now()
    const last = this.last.get(replica) ?? ''
    const given = millis(stamp) > now ? this.clock.next(now) : stamp
    return given > last ? given : after(last)
  }

  /** @param {Entry} entry */
  enter (entry) {
    const { replica, stamp } = entry.change
    const doc = this.doc.clone()
    doc.apply(entry.change)
    this.doc = doc
    this.log.push(entry)
    this.last.set(replica, stamp)
    this.clock.observe(stamp)
  }

  /** Gives a record that was just accepted the numbers that it does not have. */
  number () {
    /** @type {Op[]} */
    const ops = this.serials.filter(({ path }) => this.doc.find(path)?.value() === undefined)
      .map(({ path, serial }) => ({ kind: 'set', path, value: numberIn(/** @type {string} */ (serial), ++this.numbered) }))
    if (!ops.length) return
    const prev = this.doc.seen()[own] ?? 0
    const { type, version, doc } = this.log[0].change
    const change = { replica: own, n: prev + 1, ...(prev && { prev }), stamp: this.clock.next(this.now()), type, version, doc, ops }
    this.enter({ change, by: '', seen: this.doc.seen() })
  }
}

/**
 * Writes a number into a pattern: "WO-{0000}" and 7 give "WO-0007".
 * @param {string} pattern
 * @param {number} n
 */
export const numberIn = (pattern, n) => pattern.replace(/\{(0+)\}/, (_, zeros) => String(n).padStart(zeros.length, '0'))
