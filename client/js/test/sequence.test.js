// Texts of several writers at random, held against a model: the tree of FugueMax, built from
// all insertions at once, as the README of the vectors describes it.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Document } from '../src/crdt/document.js'
import { merge } from '../src/crdt/merge.js'
import { compareDots, parseSpan } from '../src/crdt/stamp.js'
import { TextField } from '../src/crdt/text.js'

/** @import { Change, Op } from '../src/crdt/change.js' */

const seed = Number(process.env.FIELDSTACK_SEED ?? Date.now() % 1e9)

/**
 * Numbers below n, the same for the same seed (mulberry32).
 * @param {number} state
 */
function random (state) {
  return (/** @type {number} */ n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * n)
  }
}

const path = ['notes']

/** A change of somebody who replaces n code points at a position, as an editor makes it. */
class Writer {
  n = 0

  /** @param {string} replica */
  constructor (replica) {
    this.replica = replica
    this.doc = new Document()
  }

  /**
   * @param {number} at
   * @param {number} n
   * @param {string} text
   */
  splice (at, n, text) {
    const f = this.doc.find(path)
    const seq = f instanceof TextField ? f.seq : new TextField().seq
    const { after, before } = seq.neighbours(at)
    /** @type {Op[]} */
    const ops = n ? [{ kind: 'cut', path, spans: seq.spans(at, n) }] : []
    if (text) ops.push({ kind: 'insert', path, id: this.doc.nextID(this.replica), ...(after && { after }), ...(before && { before }), text })
    return this.take(ops)
  }

  /** @param {Op[]} ops */
  take (ops) {
    const prev = this.doc.seen()[this.replica]
    /** @type {Change} */
    const c = { replica: this.replica, n: ++this.n, ...(prev && { prev }), stamp: this.n.toString(16).padStart(12, '0') + '-0000', type: 't', version: 1, doc: 'd', ops }
    assert.equal(this.doc.apply(c), 'applied')
    return c
  }

  length () { return [...this.doc.text(path)].length }
}

/** @typedef {{ dot: string, after: string, before: string, char: string, left: Node[], right: Node[] }} Node */

/**
 * The text that changes make, in whatever order they are given.
 * @param {Change[]} changes
 */
function model (changes) {
  /** @type {Map<string, Node>} */
  const nodes = new Map()
  const gone = new Set()
  const root = { dot: '', after: '', before: '', char: '', left: [], right: [] }
  for (const { replica, ops } of changes) {
    for (const op of ops) {
      if (op.kind === 'insert') {
        for (const [i, char] of [...op.text].entries()) {
          const after = i ? `${replica}.${op.id + i - 1}` : op.after ?? ''
          const dot = `${replica}.${op.id + i}`
          nodes.set(dot, { dot, after, before: op.before ?? '', char, left: [], right: [] })
        }
      } else if (op.kind === 'cut') {
        for (const s of op.spans.map(parseSpan)) {
          for (let i = 0; s && i < s.length; i++) gone.add(`${s.replica}.${s.seq + i}`)
        }
      }
    }
  }
  for (const node of nodes.values()) {
    const before = nodes.get(node.before)
    if (before && before.after === node.after) before.left.push(node)
    else (nodes.get(node.after) ?? root).right.push(node)
  }
  /** @type {Map<string, number>} */
  const places = new Map()
  // Where the right origins of right siblings stand does not depend on these, so a pass that
  // puts them somewhere and one that puts them right are repeated until nothing moves.
  for (let order = ''; ;) {
    /** @type {Node[]} */
    const read = []
    const stack = [{ node: /** @type {Node} */ (root), open: true }]
    for (let top = stack.pop(); top; top = stack.pop()) {
      if (!top.open) {
        read.push(top.node)
        continue
      }
      const { node } = top
      node.left.sort((a, b) => compareDots(a.dot, b.dot))
      const place = (/** @type {Node} */ n) => n.before ? places.get(n.before) ?? 0 : Infinity
      node.right.sort((a, b) => (place(a) === place(b) ? 0 : place(b) - place(a)) || compareDots(a.dot, b.dot))
      stack.push(...node.right.map(node => ({ node, open: true })).reverse(), { node, open: false }, ...node.left.map(node => ({ node, open: true })).reverse())
    }
    for (const [i, node] of read.entries()) places.set(node.dot, i)
    const now = read.map(node => node.dot).join()
    if (now === order) return read.filter(node => !gone.has(node.dot)).map(node => node.char).join('')
    order = now
  }
}

/**
 * @template T
 * @param {T[]} list
 * @param {(n: number) => number} rand
 */
function shuffled (list, rand) {
  const out = list.slice()
  for (let i = out.length - 1; i > 0; i--) {
    const k = rand(i + 1);
    [out[i], out[k]] = [out[k], out[i]]
  }
  return out
}

const bytes = (/** @type {Document} */ d) => {
  const { value, meta } = d.encode()
  return value + Buffer.from(meta).toString('hex')
}

/** @param {Document} d */
const reread = d => {
  const { value, meta } = d.encode()
  return Document.decode(value, meta)
}

test('texts typed into by several come out as the model says', () => {
  for (let world = 0; world < 60; world++) {
    const rand = random(seed + world)
    const writers = ['3', '1', '2'].map(c => new Writer(c.repeat(16)))
    const words = ['a', 'bc', 'déf', '😀x', 'some words ', 'y'.repeat(world % 10 ? 9 : 1500)]
    /** @type {Change[]} */
    const changes = [writers[0].take([{ kind: 'create' }])]
    const told = `FIELDSTACK_SEED=${seed}, world ${world}`
    for (let step = 0; step < 60; step++) {
      const w = writers[rand(3)]
      const length = w.length()
      const at = rand(4) ? rand(length + 1) : rand(2) * length
      const n = rand(3) ? 0 : Math.min(length - at, rand(world % 10 ? 6 : 900))
      if (n || rand(5)) changes.push(w.splice(at, n, words[n ? rand(words.length) - 1 : rand(words.length)] ?? ''))
      if (!rand(4)) w.doc = merge(w.doc, writers[rand(3)].doc)
      if (!rand(6)) w.doc = reread(w.doc)
      if (!rand(6)) for (const c of shuffled(changes, rand).slice(rand(changes.length))) writers[rand(3)].doc.apply(c)
    }
    const text = model(changes)
    const docs = [...writers.map(w => w.doc), new Document()].map(d => {
      for (const c of shuffled(changes, rand)) d.apply(c)
      return d
    })
    for (const d of docs) {
      assert.equal(d.text(path), text, told)
      assert.equal(bytes(d), bytes(docs[0]), told)
      assert.equal(bytes(reread(d)), bytes(docs[0]), told)
      assert.equal(d.held.length, 0)
    }
  }
})

test('an anchor stays at its place in a text that changes', () => {
  const w = new Writer('1'.repeat(16))
  w.take([{ kind: 'create' }])
  w.splice(0, 0, 'ab😀cd')
  assert.equal(w.doc.anchor(path, 0), '')
  const anchor = w.doc.anchor(path, 4) // behind the face, which takes two units
  assert.equal(w.doc.indexOf(path, anchor), 4)
  w.splice(0, 0, 'xx')
  assert.equal(w.doc.indexOf(path, anchor), 6)
  const copy = w.doc.clone()
  w.splice(4, 1, '')
  assert.equal(w.doc.text(path), 'xxabcd')
  assert.equal(w.doc.indexOf(path, anchor), 4, 'what stood before it is gone')
  assert.equal(w.doc.indexOf(path, ''), 0)
  assert.equal(w.doc.indexOf(path, '2'.repeat(16) + '.1'), -1)
  assert.equal(copy.text(path), 'xxab😀cd', 'a copy does not move')
  assert.equal(copy.indexOf(path, anchor), 6)
})

test('a recorded session of typing', t => {
  const file = (process.env.FIELDSTACK_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname) + '/traces/friendsforever_flat.json.gz'
  if (!existsSync(file)) return t.skip('no editing traces here')
  /** @type {{ endContent: string, txns: { patches: [number, number, string][] }[] }} */
  const trace = JSON.parse(gunzipSync(readFileSync(file)).toString())
  const w = new Writer('1'.repeat(16))
  const changes = [w.take([{ kind: 'create' }])]
  for (const { patches } of trace.txns) for (const [at, n, text] of patches) changes.push(w.splice(at, n, text))
  assert.equal(w.doc.text(path), trace.endContent)
  const again = new Document()
  for (const c of changes) assert.equal(again.apply(c), 'applied')
  assert.equal(bytes(again), bytes(w.doc))
  assert.equal(bytes(reread(again)), bytes(w.doc))
})
