// The binary pieces of a stored document: META.md beside the vectors describes them.

const utf8 = new TextEncoder()

const MAX = Number.MAX_SAFE_INTEGER

/** Up to how many replicas a number and a replica share a number. */
const MAX_PACKED = 1024

/**
 * How many bits the place of a replica takes beside another number; -1: it stands alone.
 * @param {number} replicas how many there are
 */
const packing = replicas => replicas > MAX_PACKED ? -1 : 32 - Math.clz32(Math.max(replicas - 1, 0))

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
    for (const [i, replica] of replicas.entries()) {
      this.places.set(replica, i)
      for (let k = 0; k < 16; k += 2) this.bytes.push(parseInt(replica.slice(k, k + 2), 16))
    }
  }

  /** @param {number | bigint} n not below 0 */
  number (n) {
    if (n > MAX) {
      for (n = BigInt(n); n >= 128n; n >>= 7n) this.bytes.push(Number(n & 127n) | 128)
    }
    for (n = Number(n); n >= 128; n = Math.floor(n / 128)) this.bytes.push((n % 128) | 128)
    this.bytes.push(n)
  }

  /** @param {number | bigint} n */
  signed (n) {
    const big = BigInt(n)
    this.number(big < 0n ? -2n * big - 1n : 2n * big)
  }

  /** @param {string} s */
  text (s) {
    const bytes = utf8.encode(s)
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
   * @param {number} bits
   * @param {boolean} [flag]
   */
  packed (n, replica, bits = 0, flag = false) {
    const place = this.place(replica)
    const width = Math.max(this.width, 0)
    const low = (flag ? 2 ** width : 0) + (this.width < 0 ? 0 : place)
    const all = n * 2 ** (bits + width) + low
    this.number(all <= MAX ? all : (BigInt(n) << BigInt(bits + width)) + BigInt(low))
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
    if (!so) throw new Error('crdt: the stored document cannot be read: its value and its meta do not fit')
  }

  /** Reads the table of replicas. */
  table () {
    const n = this.count(8)
    this.width = packing(n)
    for (let i = 0; i < n; i++) {
      let replica = ''
      for (let k = 0; k < 8; k++) replica += HEX[this.byte()]
      this.need(!i || this.replicas[i - 1] < replica)
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
    if (b < 128) return b
    let n = b - 128
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
    const b = BigInt(this.byte())
    return b < 128n ? b : b - 128n + (this.big() << 7n)
  }

  signed () { return Number(this.bigSigned()) }

  bigSigned () {
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

  /** Reads the place of a replica. */
  named () { return this.replicaAt(this.number()) }

  /** @param {number} place */
  replicaAt (place) {
    this.need(place < this.replicas.length)
    return this.replicas[place]
  }

  /**
   * Reads a number, behind it so many bits that are a flag, and a replica.
   * @param {number} bits
   */
  packed (bits = 0) {
    const start = this.at
    const shift = bits + Math.max(this.width, 0)
    const all = this.number()
    let low = all % 2 ** shift
    let n = (all - low) / 2 ** shift
    if (all > MAX) {
      this.at = start
      const big = this.big()
      n = Number(big >> BigInt(shift))
      low = Number(big & (1n << BigInt(shift)) - 1n)
    }
    const width = shift - bits
    this.flag = low >= 2 ** width && bits > 0
    this.replica = this.replicaAt(this.width < 0 ? this.number() : low % 2 ** width)
    return n
  }
}

const HEX = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, '0'))
