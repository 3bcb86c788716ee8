// Joining two documents that were edited apart.

/** @import { Document, Mark } from './document.js' */

import { canonical } from './canonical.js'
import { isUpTo } from './document.js'
import { hold, release } from './held.js'
import { mergeField } from './mergefields.js'
import { raise } from './trash.js'

/**
 * What a merge knows of both sides: how much each had seen.
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
}

/**
 * The document that has seen all that a and b have seen. Both must be the same document (same
 * id, same type); neither is changed. Throws if they are not, or were not compacted up to the
 * same place: such copies only a server levels.
 * @param {Document} a
 * @param {Document} b
 */
export function merge (a, b) {
  if (canonical(floorOf(a)) !== canonical(floorOf(b))) throw new Error('crdt: the documents were not compacted alike')
  const m = a.clone()
  mergeField(m.root, b.root, new Join(a.marks, b.marks))
  m.created ||= b.created
  m.cover = raise(m.cover, b.cover)
  m.edits = raise(m.edits, b.edits)
  for (const [replica, theirs] of b.marks) if (theirs.n > m.mark(replica).n) m.marks.set(replica, theirs)
  for (const c of b.held) hold(m, c)
  release(m)
  return m
}

/** @param {Document} d */
const floorOf = d => [...d.floor ?? []].map(([replica, m]) => [replica, m.n, m.seq]).sort()
