// Joining two documents that were edited apart.

/** @import { Document, Mark } from './document.js' */
/** @import { Node } from './node.js' */

import { isUpTo } from './document.js'
import { hold, release } from './held.js'
import { level } from './level.js'
import { raise } from './trash.js'

/**
 * What a merge knows of both sides: how much each had seen. The receiver of a node's merge
 * method is ours.
 */
export class Join {
  /**
   * @param {Map<string, Mark>} ours
   * @param {Map<string, Mark>} theirs
   */
  constructor (ours, theirs) {
    this.ours = ours
    this.theirs = theirs
  }

  /** Whether we have seen an element. @param {string} dot */
  oursHas (dot) { return isUpTo(this.ours, dot) }

  /** Whether they have seen an element. @param {string} dot */
  theirsHas (dot) { return isUpTo(this.theirs, dot) }

  /** Whether they have seen more of a replica. @param {string} replica */
  seenMore (replica) { return (this.theirs.get(replica)?.n ?? 0) > (this.ours.get(replica)?.n ?? 0) }

  /**
   * Whether a value stamped theirs replaces one stamped ours. Only a replica that broke its own
   * clock has two values of one stamp: then the side that has seen more of it has the later one.
   * @param {string} theirs
   * @param {string} ours
   */
  newer (theirs, ours) { return theirs > ours || (theirs === ours && this.seenMore(theirs.slice(17))) }

  /**
   * Joins one field of both sides.
   * @param {Node} ours
   * @param {Node} theirs
   */
  field (ours, theirs) {
    if (ours.strategy !== theirs.strategy) throw notCopies()
    ours.merge(/** @type {any} */ (theirs), this)
  }
}

/**
 * The document that has seen all that a and b have seen. Both must be the same document (same
 * id, same type); neither is changed. Where one was compacted further, the other must have seen
 * all that was settled there, or have nothing of its own. Throws if they cannot be joined.
 * @param {Document} a
 * @param {Document} b
 */
export function merge (a, b) {
  [a, b] = level(a, b)
  const m = a.clone()
  new Join(a.marks, b.marks).field(m.root, b.root)
  m.created ||= b.created
  m.cover = raise(m.cover, b.cover)
  m.edits = raise(m.edits, b.edits)
  for (const [replica, theirs] of b.marks) if (theirs.n > m.mark(replica).n) m.marks.set(replica, theirs)
  for (const c of b.held) hold(m, c)
  release(m)
  return m
}

export const notCopies = () => new Error('crdt: these are not copies of one document')
