// A page of documents: a few columns instead of a hundred objects, which IndexedDB writes
// and reads several times as fast.

/**
 * A confirmed document as it is stored.
 * @typedef {object} Rec
 * @property {string} id
 * @property {string|null} value its JSON text, as Document.encode gives it
 * @property {Uint8Array|null} meta
 * @property {boolean} deleted
 * @property {number|null} [round] of the whole sync that last had it
 * @property {number|null} [touched] when the server last said something of it, ms
 * @property {number|null} [created] ms
 * @property {string|null} [createdBy]
 * @property {number|null} [updated] ms
 * @property {string|null} [updatedBy]
 */

/**
 * A page as IndexedDB has it. Neither an id nor a JSON text can have U+0000 in it.
 * @typedef {object} Page
 * @property {string} ids joined by U+0000
 * @property {string} values joined by U+0000
 * @property {Uint8Array} metas one after the other
 * @property {string} rest JSON: for each document the length of its meta and what else it has
 */

const maxDocuments = 128
const maxBytes = 56 << 10

/**
 * A document read from a page: its meta stays in the page's bytes until it is asked for.
 * @implements {Rec}
 */
class Stored {
  #metas
  #from
  #to

  /**
   * @param {string} id
   * @param {string} value
   * @param {Uint8Array} metas
   * @param {number} from
   * @param {[number, boolean, number|null, number|null, number|null, string|null, number|null, string|null]} rest
   */
  constructor (id, value, metas, from, rest) {
    this.id = id
    this.value = value || null
    this.#metas = metas
    this.#from = from
    this.#to = from + rest[0]
    this.deleted = rest[1]
    this.round = rest[2]
    this.touched = rest[3]
    this.created = rest[4]
    this.createdBy = rest[5]
    this.updated = rest[6]
    this.updatedBy = rest[7]
  }

  /** @returns {Uint8Array|null} */
  get meta () { return this.#to > this.#from ? this.#metas.subarray(this.#from, this.#to) : null }
}

/**
 * @param {Rec[]} recs
 * @returns {Page}
 */
export function encodePage (recs) {
  const metas = new Uint8Array(recs.reduce((sum, r) => sum + (r.meta?.length ?? 0), 0))
  let at = 0
  const rest = recs.map(r => {
    const meta = r.meta ?? []
    metas.set(meta, at)
    at += meta.length
    return [meta.length, r.deleted, r.round, r.touched, r.created, r.createdBy, r.updated, r.updatedBy]
  })
  return {
    ids: recs.map(r => r.id).join('\0'),
    values: recs.map(r => r.value ?? '').join('\0'),
    metas,
    rest: JSON.stringify(rest)
  }
}

/**
 * @param {Page} page
 * @returns {Rec[]} by id
 */
export function decodePage ({ ids, values, metas, rest }) {
  const texts = values.split('\0')
  const others = JSON.parse(rest)
  let at = 0
  return ids.split('\0').map((id, i) => {
    const rec = new Stored(id, texts[i], metas, at, others[i])
    at += others[i][0]
    return rec
  })
}

/**
 * Cuts documents into pages. A page that is whole stays so; of one that is not, each part
 * but the last is left room to grow, because new ids mostly come at the end.
 * @param {Rec[]} recs by id
 * @returns {Rec[][]}
 */
export function cutPages (recs) {
  const sizes = sizesOf(recs)
  const total = sizes.reduce((sum, n) => sum + n, 0)
  if (recs.length <= maxDocuments && total <= maxBytes) return [recs]
  /** @type {Rec[][]} */
  const parts = []
  let from = 0
  let bytes = 0
  recs.forEach((_, i) => {
    if (i > from && (i - from >= maxDocuments * 7 / 8 || bytes + sizes[i] > maxBytes * 7 / 8)) {
      parts.push(recs.slice(from, i))
      from = i
      bytes = 0
    }
    bytes += sizes[i]
  })
  parts.push(recs.slice(from))
  return parts
}

/**
 * About how many bytes each document takes: one character beyond Latin-1 doubles a text.
 * @param {Rec[]} recs
 */
function sizesOf (recs) {
  const width = recs.some(r => r.value && /[^\0-\xff]/.test(r.value)) ? 2 : 1
  return recs.map(r => (r.value?.length ?? 0) * width + (r.meta?.length ?? 0) + 2 * r.id.length + 64)
}

/**
 * Where an id is in a sorted array, or would be.
 * @param {readonly {id: string}[]} recs
 * @param {string} id
 */
export function placeOf (recs, id) {
  let low = 0
  let high = recs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (recs[middle].id < id) low = middle + 1
    else high = middle
  }
  return low
}
