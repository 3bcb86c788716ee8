// The binary pieces of a stored document: META.md beside the vectors describes them.

const MAX = Number.MAX_SAFE_INTEGER

/**
 * Flags as the bits of a number, the first the lowest.
 * @param {unknown[]} flags
 */
export const bits = (...flags) => flags.reduce((/** @type {number} */ n, flag, i) => flag ? n | 1 << i : n, 0)

/**
 * How many bits the place of a replica takes beside another number, if there are so many; -1:
 * it stands alone.
 * @param {number} replicas
 */
const packing = replicas => replicas > 1024 ? -1 : 32 - Math.clz32(Math.max(replicas - 1, 0))

/** Writes bytes. Its methods have the names of those that read. */
export class Writer {
  /** @type {number[]} */
  bytes = []
  /**
   * Where each replica stands in the table.
   * @type {Map<string, number>}
   */
  places = new Map()
  width = 0

  /**
   * Writes the table of replicas, which must be in order.
   * @param {string[]} replicas
   */
  table (replicas) {
    this.number(replicas.length)
    this.width = packing(replicas.length)
    for (const replica of replicas) {
      this.places.set(replica, this.places.size)
      for (let k = 0; k < 16; k += 2) this.bytes.push(parseInt(replica.slice(k, k + 2), 16))
    }
  }

  /** @param {number | bigint} n not below 0 */
  number (n) {
    for (; n > MAX; n = BigInt(n) >> 7n) this.bytes.push(Number(BigInt(n) & 127n) | 128)
    for (n = Number(n); n > 127; n = Math.floor(n / 128)) this.bytes.push((n % 128) | 128)
    this.bytes.push(n)
  }

  /** @param {number[]} list */
  numbers (list) { for (const n of list) this.number(n) }

  /** @param {number | bigint} n */
  signed (n) {
    n = BigInt(n)
    this.number(n < 0 ? -2n * n - 1n : 2n * n)
  }

  /** @param {string} s */
  text (s) {
    const bytes = new TextEncoder().encode(s)
    this.number(bytes.length)
    for (const b of bytes) this.bytes.push(b)
  }

  /**
   * The place of a replica.
   * @param {string} replica
   */
  place (replica) { return this.places.get(replica) ?? NaN }

  /**
   * Writes a number, behind it so many bits that are a flag, and a replica.
   * @param {number} n
   * @param {string} replica
   * @param {number} size 0 or 1
   * @param {unknown} [flag]
   */
  packed (n, replica, size = 0, flag) {
    const place = this.place(replica)
    const width = Math.max(this.width, 0)
    const low = bits(flag) * 2 ** width + (this.width < 0 ? 0 : place)
    const all = n * 2 ** (size + width) + low
    this.number(all > MAX ? (BigInt(n) << BigInt(size + width)) + BigInt(low) : all)
    if (this.width < 0) this.number(place)
  }
}

/** Reads what a Writer wrote. Whatever does not fit throws. */
export class Reader {
  at = 0
  /** @type {string[]} */
  replicas = []
  width = 0
  /** What packed read last, beside the number it gave. */
  replica = ''
  flag = false

  /** @param {Uint8Array} bytes */
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

  /** Reads the table of replicas. */
  table () {
    const n = this.count(8)
    this.width = packing(n)
    for (let i = 0; i < n; i++) {
      let replica = ''
      for (let k = 0; k < 8; k++) replica += (this.byte() + 256).toString(16).slice(1)
      this.replicas.push(replica)
    }
  }

  byte () {
    this.need(this.at < this.bytes.length)
    return this.bytes[this.at++]
  }

  /** Reads a number; one above 2^53-1 is not exact. */
  number () {
    let b = this.byte()
    let n = b & 127
    for (let unit = 128; b > 127; unit *= 128) {
      b = this.byte()
      n += (b & 127) * unit
    }
    return n
  }

  /**
   * Reads a number that may be above 2^53-1.
   * @returns {bigint}
   */
  big () {
    const b = this.byte()
    return BigInt(b & 127) + (b > 127 ? this.big() << 7n : 0n)
  }

  signed () {
    const n = this.big()
    return n & 1n ? -(n >> 1n) - 1n : n >> 1n
  }

  /**
   * Reads how many things follow, each of which takes so many bytes at least.
   * @param {number} size
   */
  count (size) {
    const n = this.number()
    this.need(n * size <= this.bytes.length - this.at)
    return n
  }

  text () {
    const n = this.count(1)
    return new TextDecoder().decode(this.bytes.subarray(this.at, this.at += n))
  }

  /** Reads a replica by its place. */
  named () { return this.replicaAt(this.number()) }

  /** @param {number} place */
  replicaAt (place) {
    this.need(place < this.replicas.length)
    return this.replicas[place]
  }

  /**
   * Reads a number, behind it so many bits that are a flag, and a replica.
   * @param {number} size 0 or 1
   */
  packed (size = 0) {
    const start = this.at
    const width = Math.max(this.width, 0)
    const unit = 2 ** (size + width)
    const all = this.number()
    let low = all % unit
    let n = (all - low) / unit
    if (all > MAX) {
      this.at = start
      const big = this.big()
      low = Number(big % BigInt(unit))
      n = Number(big / BigInt(unit))
    }
    const flag = Math.floor(low / 2 ** width)
    this.flag = flag > 0
    this.replica = this.replicaAt(this.width < 0 ? this.number() : low % 2 ** width)
    return n
  }
}
