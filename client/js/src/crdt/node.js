// One field: what it is never changes after the first operation on it. There is one file for
// each strategy.

/** @import { Op, Strategy } from './change.js' */

import { ConflictField } from './conflict.js'
import { CounterField } from './counter.js'
import { ExtremeField } from './extreme.js'
import { ListField } from './list.js'
import { MapField } from './map.js'
import { RegisterField } from './register.js'
import { SetField } from './set.js'
import { isElement } from './stamp.js'
import { TextField } from './text.js'

/**
 * The state of one field. All have: strategy; value(), what the field shows, undefined if it
 * shows nothing, which stays as it is when the node moves on; shows(), whether it is not;
 * apply(op, by), which takes in an operation that a checker has passed; clone().
 * @typedef {RegisterField | ConflictField | CounterField | ExtremeField | SetField | TextField | ListField | MapField} Node
 */

/**
 * Who made the change that is being applied, and when: its stamp, that is its time and its
 * replica in one text; and how many elements the replica had made before.
 * @typedef {{ stamp: string, replica: string, n: number, first: number }} Author
 */

/**
 * The state of a field nobody has written to.
 * @param {string} strategy
 * @returns {Node}
 */
export function newNode (strategy) {
  switch (strategy) {
    case 'register': return new RegisterField()
    case 'conflict': return new ConflictField()
    case 'counter': return new CounterField()
    case 'text': return new TextField()
    case 'set': return new SetField()
    case 'list': return new ListField()
    case 'map': return new MapField()
  }
  return new ExtremeField(strategy === 'max')
}

/**
 * The strategy that a kind of operation is for; `ensure` names its own.
 * @type {{ [kind: string]: Strategy }}
 */
export const STRATEGIES = {
  set: 'register',
  unset: 'register',
  assign: 'conflict',
  add: 'counter',
  raise: 'max',
  lower: 'min',
  include: 'set',
  exclude: 'set',
  insert: 'text',
  cut: 'text',
  place: 'list',
  move: 'list',
  drop: 'list'
}

/**
 * The strategy whose operation op is.
 * @param {Op} op of a field
 */
export const strategyOf = op => op.kind === 'ensure' ? op.as : STRATEGIES[op.kind]

/**
 * What the field at path[0 … i] has to be for an operation on path to reach a field of
 * strategy last.
 * @param {string[]} path
 * @param {number} i
 * @param {Strategy} last
 * @returns {Strategy}
 */
export const strategyAt = (path, i, last) => i === path.length - 1 ? last : isElement(path[i + 1]) ? 'list' : 'map'

/**
 * Goes one key or row down; undefined when nothing is there.
 * @param {Node | undefined} at
 * @param {string} segment
 */
export function step (at, segment) {
  if (at instanceof MapField) return at.child(segment)
  return at instanceof ListField ? at.rows.get(segment)?.content : undefined
}
