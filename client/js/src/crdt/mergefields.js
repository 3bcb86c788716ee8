// How the fields of two documents that were edited apart are joined, one strategy after the
// other. Each takes into ours all that theirs has.

/** @import { ConflictField } from './conflict.js' */
/** @import { CounterField } from './counter.js' */
/** @import { Join } from './merge.js' */
/** @import { ListField } from './list.js' */
/** @import { MapField } from './map.js' */
/** @import { Node } from './node.js' */
/** @import { SetField } from './set.js' */
/** @import { TextField } from './text.js' */

import { Ensured } from './ensure.js'
import { mergeNews, newsFrom } from './sequence_merge.js'
import { compareDots } from './stamp.js'
import { raise } from './trash.js'

/**
 * Joins one field of both sides.
 * @param {Node} ours
 * @param {Node} theirs
 * @param {Join} j
 */
export function mergeField (ours, theirs, j) {
  if (ours.strategy !== theirs.strategy) throw new Error('crdt: these are not copies of one document')
  const merge = /** @type {{ [strategy: string]: (ours: any, theirs: any, j: Join) => void }} */ (strategies)
  merge[ours.strategy](ours, theirs, j)
  if (ours instanceof Ensured && theirs instanceof Ensured && j.newer(theirs.said, ours.said)) ours.copyWord(theirs)
}

const strategies = {
  register: mergeRegister,
  conflict: mergeConflict,
  counter: mergeCounter,
  max: mergeExtreme,
  min: mergeExtreme,
  set: mergeSet,
  text: mergeText,
  list: mergeList,
  map: mergeMap
}

/**
 * @param {import('./register.js').RegisterField} ours
 * @param {import('./register.js').RegisterField} theirs
 * @param {Join} j
 */
function mergeRegister (ours, theirs, j) {
  if (!j.newer(theirs.stamp, ours.stamp)) return
  ours.v = theirs.v
  ours.stamp = theirs.stamp
}

/**
 * Keeps a value that both have, or that one has and the other has not seen: a value seen and
 * gone was replaced.
 * @param {ConflictField} ours
 * @param {ConflictField} theirs
 * @param {Join} j
 */
function mergeConflict (ours, theirs, j) {
  const here = new Set(ours.candidates.map(c => c.id))
  const there = new Set(theirs.candidates.map(c => c.id))
  ours.candidates = ours.candidates.filter(c => there.has(c.id) || !j.theirsHas(c.id))
  for (const c of theirs.candidates) if (!here.has(c.id) && !j.oursHas(c.id)) ours.add(c)
}

/**
 * Takes each replica's sum from the side that has seen more of that replica.
 * @param {CounterField} ours
 * @param {CounterField} theirs
 * @param {Join} j
 */
function mergeCounter (ours, theirs, j) {
  for (const replica of new Set([...ours.sums.keys(), ...theirs.sums.keys()])) {
    if (j.seenMore(replica)) ours.put(replica, theirs.sum(replica))
  }
}

/**
 * @param {import('./extreme.js').ExtremeField} ours
 * @param {import('./extreme.js').ExtremeField} theirs
 */
function mergeExtreme (ours, theirs) {
  if (theirs.v !== undefined) ours.take(theirs.v)
}

/**
 * Keeps an addition that both have, or that one has and the other has not seen.
 * @param {SetField} ours
 * @param {SetField} theirs
 * @param {Join} j
 */
function mergeSet (ours, theirs, j) {
  for (const { v } of [...ours.elements, ...theirs.elements]) {
    const here = ours.dots(v)
    const there = theirs.dots(v)
    const kept = here.filter(d => there.includes(d) || !j.theirsHas(d))
    const came = there.filter(d => !here.includes(d) && !j.oursHas(d))
    if (came.length || kept.length < here.length) ours.put(v, [...kept, ...came].sort(compareDots))
  }
}

/**
 * @param {TextField} ours
 * @param {TextField} theirs
 */
function mergeText (ours, theirs) {
  const news = newsFrom(ours.seq, theirs.seq, theirs.string())
  if (!news.runs.length && !news.removed.length) return
  ours.open()
  mergeNews(ours.seq, news)
}

/**
 * @param {ListField} ours
 * @param {ListField} theirs
 * @param {Join} j
 */
function mergeList (ours, theirs, j) {
  mergeNews(ours.seq, newsFrom(ours.seq, theirs.seq, ''))
  ours.order = undefined
  for (const [id, from] of theirs.rows) {
    const row = ours.rows.get(id)
    if (!row) {
      ours.put(from.clone())
      continue
    }
    if (from.slot !== id) ours.stand(row, from.slot, from.at)
    if (!row.content) row.content = from.content?.clone()
    else if (from.content) mergeField(row.content, from.content, j)
    row.cover = raise(row.cover, from.cover)
    row.edits = raise(row.edits, from.edits)
  }
}

/**
 * @param {MapField} ours
 * @param {MapField} theirs
 * @param {Join} j
 */
function mergeMap (ours, theirs, j) {
  for (const [key, field] of theirs.children) {
    const there = ours.child(key)
    if (there) mergeField(there, field, j)
    else ours.add(key, field.clone())
  }
}
