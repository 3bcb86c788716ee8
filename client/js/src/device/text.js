// A text field that somebody types in. What is typed is gathered for a moment and becomes one
// change; what others type comes in between, and places in the text move along.

/** @import { Op } from '../crdt/change.js' */
/** @import { Document as State } from '../crdt/document.js' */
/** @import { Editor } from '../crdt/editor.js' */
/** @import { Plan } from '../crdt/plan.js' */
/** @import { Collection } from './collection.js' */
/** @import { Database, Me } from './device.js' */

import { Document } from '../crdt/document.js'
import { newTime } from '../crdt/stamp.js'
import { join, tell } from '../store/tell.js'
import { queue } from './collection.js'
import { onMoved } from './live.js'
import { view } from './view.js'

/** So long typing is gathered, ms. */
const GATHER = 300

/** A text by itself. @type {Plan} */
const ALONE = { strategy: 'map', fields: { text: { strategy: 'text' } } }

/** Positions count UTF-16 units, as text areas and String.prototype.slice do. */
export class Text {
  #db
  #collection
  #id
  #path
  /** What the document is without what is being gathered. @type {State} */
  #base = /** @type {any} */ (undefined)
  /** What is being gathered. @type {Editor | undefined} */
  #editor
  /** @type {unknown} */
  #timer
  #replica = ''
  /** What is on its way to the disk. @type {Promise<void>} */
  #writing = Promise.resolve()
  #writes = 0
  /** What the document was before something was typed that could not be written. @type {State | undefined} */
  #failed
  /** @type {Set<(value: string) => void>} */
  #subscribers = new Set()
  #leave = () => {}
  #value = ''

  /**
   * Use text() of the collection.
   * @internal
   * @param {Database} db
   * @param {Collection} collection
   * @param {string} id
   * @param {string[]} path
   */
  constructor (db, collection, id, path) {
    this.#db = db
    this.#collection = collection
    this.#id = id
    this.#path = path
  }

  /** @internal */
  async load () {
    await this.#read()
    this.#leave = onMoved(this.#db.store, this.#collection.name, this.#id, () => this.#read().catch(() => {}))
    this.#db.texts.add(this)
  }

  /** The document as it is on the disk, unless something is being typed: it is read once that is written. */
  async #read () {
    if (this.#busy) return
    const base = (await this.#db.store.read(async tx => view(this.#db, tx, await tx.state('me'), this.#collection.name, this.#id))).doc
    if (this.#busy) return
    this.#base = base
    const value = base.text(this.#path)
    if (value === this.#value) return
    this.#value = value
    tell(this.#subscribers, value)
  }

  get #busy () { return this.#editor || this.#writes || this.#failed }

  /** The text as it shows, with what is being typed. */
  get value () { return this.#value }

  /** The document as it shows. */
  get #shown () { return this.#editor?.work ?? this.#base }

  /**
   * Replaces so many units at a position.
   * @param {number} at
   * @param {number} remove
   * @param {string} insert
   */
  splice (at, remove, insert) {
    if (!this.#editor) {
      this.#replica = this.#db.me.replica
      this.#editor = this.#base.edit(this.#replica, this.#collection.known.plan)
    }
    this.#editor.splice(this.#path, at, remove, insert)
    this.#value = this.#shown.text(this.#path)
    this.#timer ??= this.#db.timers.setTimeout(() => this.flush().catch(error => console.warn(error)), GATHER)
  }

  /**
   * A place in the text that stays where it is, between the same characters, whatever is typed
   * around it.
   * @param {number} at
   */
  anchor (at) { return this.#shown.anchor(this.#path, at) }

  /**
   * Where a place is now; -1 if it is not known.
   * @param {string} anchor
   */
  indexOf (anchor) { return this.#shown.indexOf(this.#path, anchor) }

  /**
   * Calls fn when somebody else has changed the text.
   * @param {(value: string) => void} fn
   * @returns {() => void} ends it
   */
  subscribe (fn) { return join(this.#subscribers, fn) }

  /** Writes what was typed. After an error it still shows, and is written with what follows. */
  flush () {
    this.#db.timers.clearTimeout(this.#timer)
    this.#timer = undefined
    const ops = this.#editor?.ops() ?? []
    this.#editor = undefined
    if (ops.length || this.#failed) {
      const before = this.#base
      const value = this.#value
      if (ops.length) this.#base = applied(before, this.#replica, ops)
      this.#writes++
      this.#writing = this.#writing.catch(() => {}).then(() => this.#write(before, this.#replica, ops, value)).finally(() => { this.#writes-- })
      this.#writing.then(() => this.#read()).catch(() => {})
    }
    return this.#writing
  }

  /**
   * @param {State} before what the operations were made on
   * @param {string} replica by whom
   * @param {Op[]} ops
   * @param {string} value what the text was with them
   */
  async #write (before, replica, ops, value) {
    const { name, known } = this.#collection
    try {
      await this.#db.write(async (tx, me) => {
        const seen = await view(this.#db, tx, me, name, this.#id)
        const now = seen.doc
        const fits = !this.#failed && me.replica === replica && follows(before, now, replica, ops)
        await queue(this.#db, tx, me, known, this.#id, seen, fits ? ops : this.#byValue(this.#failed ?? before, now, me, value))
      }, { strict: true })
      this.#failed = undefined
    } catch (error) {
      this.#failed ??= before
      throw error
    }
  }

  /**
   * The operations that do by value what was typed, when another tab has typed at the same time
   * or the document is another one.
   * @param {State} before
   * @param {State} now
   * @param {Me} me
   * @param {string} value
   */
  #byValue (before, now, me, value) {
    const alone = new Document().edit(me.replica, ALONE)
    alone.put(['text'], now.text(this.#path))
    alone.rebase('text', { text: before.text(this.#path) }, { text: value })
    const editor = now.edit(me.replica, this.#collection.known.plan)
    editor.put(this.#path, alone.value().text)
    return editor.ops()
  }

  /** Writes what was typed, and ends it. */
  async close () {
    this.#leave()
    this.#subscribers.clear()
    this.#db.texts.delete(this)
    await this.flush()
  }
}

/**
 * The document with operations that are not written yet.
 * @param {State} doc
 * @param {string} replica
 * @param {Op[]} ops
 */
function applied (doc, replica, ops) {
  const next = doc.clone()
  next.apply(change(doc, replica, ops))
  return next
}

/**
 * @param {State} doc
 * @param {string} replica
 * @param {Op[]} ops
 */
function change (doc, replica, ops) {
  const prev = doc.seen()[replica] ?? 0
  return { replica, n: prev + 1, ...(prev && { prev }), stamp: newTime(0, 0), type: 'x', version: 1, doc: 'x', ops }
}

/**
 * Whether what was made on one document can be done to another as it is.
 * @param {State} before
 * @param {State} now
 * @param {string} replica
 * @param {Op[]} ops
 */
function follows (before, now, replica, ops) {
  return before.nextID(replica) === now.nextID(replica) && now.exists() && !now.missing(change(now, replica, ops))
}
