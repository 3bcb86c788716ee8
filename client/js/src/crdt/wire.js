// The binary pieces of a stored document: META.md beside the vectors describes them. Each is
// here once, for both directions: a method that writes is given what is to be written; one that
// reads is given nothing that counts; both give what is there then.

import { MAX_SEQ } from './stamp.js'

/**
 * Flags as the bits of a number, the first the lowest.
 * @param {unknown[]} flags
 */
export const bits = (...flags) => flags.reduce((/** @type {number} */ n, flag, i) => flag ? n | 1 << i : n, 0)

/** Bytes that are read, or written. */
export class Wire {
  /**
   * What was written.
   * @type {number[]}
   */
  written = []
  /** How many bytes were read. */
  at = 0
  /**
   * The table of replicas, ascending.
   * @type {string[]}
   */
  replicas = []
  /**
   * Where what is mentioned by its place stands in its table.
   * @type {Map<string, number>}
   */
  places = new Map()
  /** How many bits the place of a replica takes beside another number; -1: it stands alone. */
  width = 0
  /** What packed had, beside the number that it gives. */
  replica = ''
  flag = false

  /** @param {Uint8Array} [bytes] to be read; undefined: it writes */
  constructor (bytes) {
    this.bytes = bytes
  }

  /**
   * Throws unless something is so.
   * @param {unknown} so
   * @returns {asserts so}
   */
  need (so) {
    if (!so) throw new Error('crdt: value and meta of a document do not fit')
  }

  byte (b = 0) {
    if (!this.bytes) this.written.push(b)
    else {
      this.need(this.at < this.bytes.length)
      b = this.bytes[this.at++]
    }
    return b
  }

  /**
   * A number from 0 to 2^53-1.
   * @returns {number}
   */
  number (n = 0) {
    const b = this.byte(n > 127 ? n % 128 + 128 : n)
    return b > 127 ? b - 128 + 128 * this.number(Math.floor(n / 128)) : b
  }

  /**
   * A number from 0 on.
   * @returns {bigint}
   */
  big (n = 0n) {
    const b = this.byte(Number(n & 127n) + (n > 127n ? 128 : 0))
    return BigInt(b & 127) + (b > 127 ? this.big(n >> 7n) << 7n : 0n)
  }

  signed (n = 0n) {
    const u = this.big(n < 0n ? -2n * n - 1n : 2n * n)
    return u & 1n ? -(u >> 1n) - 1n : u >> 1n
  }

  /**
   * What is to be written less what is expected, which gives the first.
   * @param {number} expected
   * @param {number} [n]
   */
  near (expected, n = expected) { return expected + Number(this.signed(BigInt(n - expected))) }

  text (s = '') {
    const bytes = new TextEncoder().encode(s)
    const n = this.number(bytes.length)
    for (const b of bytes) this.written.push(b)
    return this.bytes ? new TextDecoder().decode(this.bytes.subarray(this.at, this.at += n)) : s
  }

  /**
   * How many things follow, and each of them as one reads or writes it.
   * @template T, R
   * @param {T[] | undefined} list
   * @param {(item: T | undefined, i: number) => R} one
   */
  list (list, one) {
    const n = this.number(list?.length)
    this.need(!this.bytes || n <= this.bytes.length - this.at)
    return Array.from({ length: n }, (_, i) => one(list?.[i], i))
  }

  /** The table of replicas. */
  table () {
    this.replicas = this.list(this.replicas, (replica, i) => {
      let digits = ''
      for (let k = 0; k < 16; k += 2) digits += (256 + this.byte(replica ? parseInt(replica.slice(k, k + 2), 16) : 0)).toString(16).slice(1)
      this.places.set(digits, i)
      return digits
    })
    const n = this.replicas.length
    this.width = n > 1024 ? -1 : 32 - Math.clz32(Math.max(n - 1, 0))
  }

  /** A replica, by its place. */
  named (replica = '') { return this.replicaAt(this.number(this.places.get(replica))) }

  /** @param {number} place */
  replicaAt (place) {
    this.need(place < this.replicas.length)
    return this.replicas[place]
  }

  /** A number, behind it so many bits that are a flag, 0 or 1, and a replica. */
  packed (n = 0, replica = '', size = 0, flag = false) {
    const place = this.places.get(replica) ?? 0
    const alone = this.width < 0
    const unit = alone ? 1 : 1 << this.width
    const scale = unit << size
    const start = this.at
    let low = (flag ? unit : 0) + (alone ? 0 : place)
    let all = n * scale + low
    if (all <= MAX_SEQ) all = this.number(all)
    if (all <= MAX_SEQ) {
      low = all % scale
      n = (all - low) / scale
    } else { // it has more bits than a double
      this.at = start
      const big = this.big(BigInt(n) * BigInt(scale) + BigInt(low))
      low = Number(big % BigInt(scale))
      n = Number(big / BigInt(scale))
    }
    this.flag = low >= unit
    this.replica = this.replicaAt(alone ? this.number(place) : low % unit)
    return n
  }
}
