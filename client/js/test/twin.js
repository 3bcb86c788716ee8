// Plays histories of documents, as the fuzzer in crdt/twin_test.go writes them, and tells what
// comes of each step: one history a line on stdin, one answer a line on stdout. With "tell" the
// answer is everything that can be seen of each step, else the SHA-256 of that.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { canonical } from '../src/crdt/canonical.js'
import { changeFromValue, changeText } from '../src/crdt/change.js'
import { OpError } from '../src/crdt/check.js'
import { Document } from '../src/crdt/document.js'
import { merge } from '../src/crdt/merge.js'
import { ValueError, isPair } from '../src/crdt/value.js'

/** @import { Change, Op } from '../src/crdt/change.js' */
/** @import { Editor } from '../src/crdt/editor.js' */
/** @import { Plan } from '../src/crdt/plan.js' */
/** @import { Value } from '../src/crdt/value.js' */

/** @typedef {{ call: string, path?: string[], value: Value, from: Value, row: string, at?: number, n?: number, text?: string }} Call */
/**
 * @typedef {{ do: string, on: number, as: number, by: string, n: number, stamp: string, planless?: boolean, calls?: Call[],
 *   value: Value, change: number, brief?: boolean, text: string, with?: number, written: string, meta: string }} Step
 */
/** @typedef {{ docs: number, plan: Plan, steps: Step[], tell?: boolean }} History */

/** Plays one history. */
class Player {
  /** @param {History} h */
  constructor (h) {
    this.plan = h.plan
    this.docs = Array.from({ length: h.docs }, () => new Document())
    /** @type {Map<number, Change>} */
    this.changes = new Map()
  }

  /**
   * @param {Step} s
   * @returns {string}
   */
  play (s) {
    const d = this.docs[s.on]
    switch (s.do) {
      case 'edit': return this.edit(d, s)
      case 'put': return this.put(d, s)
      case 'give': {
        const c = this.changes.get(s.change)
        return c ? give(d, c) + (s.brief ? '' : '\n' + state(d)) : 'nothing'
      }
      case 'offer': return offer(d, s.text)
      case 'reload': {
        const { value, meta } = d.encode()
        const [again, error] = attempt(() => Document.decode(value, meta))
        if (error) return 'unreadable'
        this.docs[s.on] = /** @type {Document} */ (again)
        break
      }
      case 'merge': {
        const [merged, error] = attempt(() => merge(d, this.docs[s.with ?? 0]))
        if (error) return 'refused'
        this.docs[s.on] = /** @type {Document} */ (merged)
        break
      }
      case 'load':
        this.docs[s.on] = Document.decode(s.written, new Uint8Array(Buffer.from(s.meta, 'hex')))
        break
      case 'look': return look(d)
    }
    return state(this.docs[s.on])
  }

  /**
   * @param {Document} d
   * @param {Step} s
   */
  edit (d, s) {
    const e = d.edit(s.by, s.planless ? undefined : this.plan)
    const told = (s.calls ?? []).map(call => makeCall(e, call) + ' ')
    return told.join('') + canonical(e.value()) + this.make(d, s, e.ops())
  }

  /**
   * @param {Document} d
   * @param {Step} s
   */
  put (d, s) {
    const [ops, error] = attempt(() => {
      const e = d.edit(s.by, s.planless ? undefined : this.plan)
      e.putAll(s.value)
      return e.ops()
    })
    return error ? 'refused' : this.make(d, s, /** @type {Op[]} */ (ops))
  }

  /**
   * Notes a change and tells it.
   * @param {Document} d
   * @param {Step} s
   * @param {Op[]} ops
   */
  make (d, s, ops) {
    const prev = d.seen()[s.by] ?? 0
    /** @type {Change} */
    const c = {
      replica: s.by, n: s.n, ...(prev && prev < s.n && { prev }), stamp: s.stamp,
      type: 'work-order', version: 1, doc: '0198c0de-0000-7000-8000-000000000001', ops
    }
    this.changes.set(s.as, c)
    return '\n' + changeText(c)
  }
}

/**
 * Makes a call and tells what came of it.
 * @param {Editor} e
 * @param {Call} c
 * @returns {string}
 */
function makeCall (e, { call, path = [], value, from, row, at = 0, n = 0, text = '' }) {
  const [id, error] = attempt(() => {
    switch (call) {
      case 'add': return e.add(path, /** @type {number} */ (value))
      case 'delete': return e.delete()
      case 'exclude': return e.exclude(path, value)
      case 'include': return e.include(path, value)
      case 'insertRow': return e.insertRow(path, at, value)
      case 'moveRow': return e.moveRow(path, row, at)
      case 'pick': return e.pick(path, value)
      case 'put': return e.put(path, value)
      case 'putAll': return e.putAll(value)
      case 'rebase': return e.rebase(path[0], /** @type {any} */ (from), /** @type {any} */ (value))
      case 'remove': return e.remove(path)
      case 'removeRow': return e.removeRow(path, row)
      case 'restore': return e.restore()
      case 'splice': {
        const [from, to] = [at, at + n].map(i => unitsOf(e.work.text(path), i))
        return e.splice(path, from, to - from, text)
      }
    }
  })
  return error ? 'refused' : id ?? 'done'
}

/**
 * Where a code point is in UTF-16 units, be it behind the end.
 * @param {string} text
 * @param {number} i
 */
function unitsOf (text, i) {
  let at = 0
  for (; i > 0 && at < text.length; i--) at += isPair(text, at + 1) ? 2 : 1
  return at + i
}

/**
 * What a call gives, or the error that it may end with; every other one is a mistake here.
 * @template T
 * @param {() => T} call
 * @returns {[T | undefined, (OpError | ValueError | Error)?]}
 */
function attempt (call) {
  try {
    return [call()]
  } catch (e) {
    if (e instanceof OpError || e instanceof ValueError || (e instanceof Error && e.message.startsWith('crdt: '))) return [undefined, e]
    throw e
  }
}

/**
 * @param {Document} d
 * @param {string} text
 */
function offer (d, text) {
  const [c, error] = attempt(() => changeFromValue(JSON.parse(text)))
  return error ? 'no change' + blame(error) : give(d, /** @type {Change} */ (c)) + '\n' + state(d)
}

/**
 * Gives a change to a document.
 * @param {Document} d
 * @param {Change} c
 */
function give (d, c) {
  const ref = d.missing(c)
  const leans = ref ? 'prev' in ref ? ref.prev : ref.element : 'nothing'
  const checked = c.n > (d.seen()[c.replica] ?? 0) ? attempt(() => d.check(c))[1] : undefined
  const told = `leans on ${leans}, check${blame(checked)}, `
  const [effect, error] = attempt(() => d.apply(c))
  return told + (error ? 'refused' + blame(error) : effect)
}

/** @param {Error} [error] */
function blame (error) {
  if (error instanceof OpError) return ` blames ${error.op} ${canonical(error.path)}`
  return error instanceof ValueError ? ' blames ' + error.path : ' passes'
}

/**
 * A document as it is stored, and what that does not show.
 * @param {Document} d
 */
function state (d) {
  const { value, meta } = d.encode()
  return `${value}\n${Buffer.from(meta).toString('hex')}\nexists ${d.exists()}, deleted ${d.deleted()}`
}

/**
 * What can be asked of a document.
 * @param {Document} d
 */
function look (d) {
  const seen = d.seen()
  const told = Object.keys(seen).sort().map(r => `${r} ${seen[r]} ${d.nextID(r)}\n`)
  for (const { path, values } of d.disagreements()) {
    told.push(path.join('/') + values.map(c => ` ${c.id} ${c.stamp.slice(0, 17)} ${c.value === undefined ? '' : canonical(c.value)}`).join('') + '\n')
  }
  lookAround(told, d, d.value(), [])
  return told.join('')
}

/**
 * Tells the rows of every list that shows under a path, and every text.
 * @param {string[]} told
 * @param {Document} d
 * @param {Value} v
 * @param {string[]} path
 */
function lookAround (told, d, v, path) {
  const text = d.text(path)
  if (text) told.push(path.join('/') + ' ' + canonical(text) + '\n')
  for (const { id, value } of d.rows(path)) {
    told.push([...path, id].join('/') + ' ' + canonical(value) + '\n')
    lookAround(told, d, value, [...path, id])
  }
  if (v === null || typeof v !== 'object' || Array.isArray(v)) return
  for (const key of Object.keys(v).sort(compareBytes)) lookAround(told, d, v[key], [...path, key])
}

/**
 * @param {string} a
 * @param {string} b
 */
const compareBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** @param {History} h */
function answer (h) {
  /** @type {string[]} */
  const told = []
  const hash = createHash('sha256')
  const tell = (/** @type {string} */ text) => h.tell ? told.push(text) : hash.update(text + '\0')
  try {
    const player = new Player(h)
    for (const step of h.steps) tell(player.play(step))
  } catch (e) {
    tell(String(e instanceof Error ? e.stack : e))
  }
  return h.tell ? JSON.stringify(told) : hash.digest('hex')
}

if (process.argv[2] === 'stdin') {
  for await (const line of createInterface({ input: process.stdin })) process.stdout.write(answer(JSON.parse(line)) + '\n')
}
