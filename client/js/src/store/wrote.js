// What a tab wrote, so that its tables need not read it again.

/** @import { Rec } from './page.js' */

/** What commits did to the documents of a type. */
export class Wrote {
  /** The documents put, undefined for those taken away. @type {Map<string, Rec|undefined>} */
  recs = new Map()
  /** The pending changes added, by document; null where others of it went or were replaced. @type {Map<string, Record<string, any>[]|null>} */
  changes = new Map()

  /**
   * A change was added, after all that the document has.
   * @param {string} id
   * @param {Record<string, any>} change
   */
  add (id, change) {
    const had = this.changes.get(id)
    if (had) had.push(change)
    else if (had === undefined) this.changes.set(id, [change])
  }

  /**
   * What is pending of a document has to be read.
   * @param {string} id
   */
  spoil (id) { this.changes.set(id, null) }

  /**
   * Takes in what a later commit did.
   * @param {Wrote} later
   */
  join ({ recs, changes }) {
    for (const [id, rec] of recs) this.recs.set(id, rec)
    for (const [id, added] of changes) {
      if (added) for (const change of added) this.add(id, change)
      else this.spoil(id)
    }
  }
}
