// Comparing: what differs between two sequences, and between two texts.

import { codePoints } from './value.js'

/**
 * A difference of two sequences: [a, aEnd) of the old gives way to [b, bEnd) of the new.
 * @typedef {{ a: number, aEnd: number, b: number, bEnd: number }} Stretch
 */

/**
 * A difference of two texts: n code points of the old at a position give way to text.
 * @typedef {{ at: number, n: number, text: string }} Hunk
 */

/** Sequences further apart than this are taken to differ between the ends that agree. */
const MAX_DIFFERENCES = 500

/**
 * Compares a sequence of n with one of m and gives the fewest differences between them, in
 * order, by the greedy algorithm of Myers, "An O(ND) difference algorithm and its variations"
 * (1986).
 * @param {number} n
 * @param {number} m
 * @param {(i: number, j: number) => boolean} equal
 * @returns {Stretch[]}
 */
export function diff (n, m, equal) {
  let start = 0
  while (start < n && start < m && equal(start, start)) start++
  while (n > start && m > start && equal(n - 1, m - 1)) {
    n--
    m--
  }
  const paths = furthest(n - start, m - start, (i, j) => equal(start + i, start + j))
  if (!paths) return [{ a: start, aEnd: n, b: start, bEnd: m }]
  return backtrack(paths, n, m, start)
}

/**
 * For each number d of differences, how far into the old each diagonal k = i-j gets with d of
 * them; index k+d. The last gets to the end.
 * @param {number} n
 * @param {number} m
 * @param {(i: number, j: number) => boolean} equal
 * @returns {number[][] | undefined} undefined if it takes too many
 */
function furthest (n, m, equal) {
  /** @type {number[][]} */
  const paths = []
  for (let d = 0; d <= Math.min(n + m, MAX_DIFFERENCES); d++) {
    const row = Array(2 * d + 1).fill(0)
    paths.push(row)
    for (let k = -d; k <= d; k += 2) {
      let i = d ? enter(paths[d - 1], d, k) : 0
      while (i < n && i - k < m && equal(i, i - k)) i++
      row[k + d] = i
      if (i >= n && i - k >= m) return paths
    }
  }
  return undefined
}

/**
 * Where diagonal k begins with the d-th difference: a step down (an insertion) from the
 * diagonal above or to the right (a removal) from that below.
 * @param {number[]} before
 * @param {number} d
 * @param {number} k
 */
const enter = (before, d, k) => down(before, d, k) ? before[k + d] : before[k + d - 2] + 1

/**
 * @param {number[]} before
 * @param {number} d
 * @param {number} k
 */
const down = (before, d, k) => k === -d || (k !== d && before[k + d - 2] < before[k + d])

/**
 * Reads the differences off the paths, from the end, and joins those that touch.
 * @param {number[][]} paths
 * @param {number} i
 * @param {number} j
 * @param {number} start where the paths begin
 */
function backtrack (paths, i, j, start) {
  /** @type {Stretch[]} */
  const found = []
  for (let d = paths.length - 1; d > 0; d--) {
    const k = i - j
    const before = paths[d - 1]
    const isDown = down(before, d, k)
    const aEnd = start + enter(before, d, k)
    const bEnd = aEnd - k
    i = isDown ? aEnd : aEnd - 1
    j = isDown ? bEnd - 1 : bEnd
    if (found[0]?.a === aEnd && found[0].b === bEnd) Object.assign(found[0], { a: i, b: j })
    else found.unshift({ a: i, aEnd, b: j, bEnd })
  }
  return found
}

/**
 * The hunks, in order, that turn one text into another. It compares word by word, because a
 * person rewrites words: two that happen to share letters should not come out interwoven when
 * somebody else edits them too. Within a changed stretch the characters that its ends share
 * stay.
 * @param {string} old
 * @param {string} text
 * @returns {Hunk[]}
 */
export function diffTexts (old, text) {
  if (old === text) return []
  if (!old || !text) return [{ at: 0, n: codePoints(old), text }]
  const a = words(old)
  const b = words(text)
  let at = 0 // code points of a[:done]
  let done = 0
  return diff(a.length, b.length, (i, j) => a[i] === b[j]).map(s => {
    const gone = a.slice(s.a, s.aEnd).join('')
    const hunk = trim(gone, b.slice(s.b, s.bEnd).join(''))
    at += codePoints(a.slice(done, s.a).join(''))
    hunk.at += at
    at += codePoints(gone)
    done = s.aEnd
    return hunk
  })
}

/**
 * The hunk that turns one text into another, less what their ends share.
 * @param {string} old
 * @param {string} text
 * @returns {Hunk}
 */
function trim (old, text) {
  const a = clusters(old)
  const b = clusters(text)
  const shorter = Math.min(a.length, b.length)
  let p = 0
  while (p < shorter && a[p] === b[p]) p++
  let q = 0
  while (q < shorter - p && a[a.length - 1 - q] === b[b.length - 1 - q]) q++
  return {
    at: codePoints(a.slice(0, p).join('')),
    n: codePoints(a.slice(p, a.length - q).join('')),
    text: b.slice(p, b.length - q).join('')
  }
}

/**
 * Cuts a text into words, stretches of space, and characters on their own.
 * @param {string} s
 */
function words (s) {
  /** @type {string[]} */
  const all = []
  let last = 0 // what the last is: 1 a word, 2 space, 0 neither
  for (const c of clusters(s)) {
    const is = /^[\p{L}\p{Nd}]/u.test(c) ? 1 : /^(?!\n)\p{White_Space}/u.test(c) ? 2 : 0
    if (is && is === last) all[all.length - 1] += c
    else all.push(c)
    last = is
  }
  return all
}

/**
 * Cuts a text into what people take for one character: a code point with the marks on it,
 * emoji joined or coloured, a flag. It is the part of Unicode's grapheme clusters (UAX #29)
 * that needs no tables.
 * @param {string} s
 */
function clusters (s) {
  /** @type {string[]} */
  const all = []
  let flags = 0 // letters of flags in the current one
  let last = ''
  for (const c of s) {
    const isFlag = /[\u{1f1e6}-\u{1f1ff}]/u.test(c)
    if (last && (EXTENDS.test(c) || last === '\u200d' || last + c === '\r\n' || (isFlag && flags === 1))) all[all.length - 1] += c
    else {
      all.push(c)
      flags = 0
    }
    if (isFlag) flags++
    last = c
  }
  return all
}

/** What belongs to the character before it: marks, the zero width joiner, skin tones. */
const EXTENDS = /[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]/u
