// A server keeps history for some time only. A device that was away for longer is told that it
// is outdated: what it has confirmed is brought anew, and its unsent changes, which lean on
// what the server may have folded away, are made anew by value. What they changed, field by
// field, is put on top of the documents as they are now, as the merge would have put it; what
// does not fit goes to the refused ones, with its text. Until all of that is done nothing is sent.

/** @import { Change } from '../crdt/change.js' */
/** @import { Document as State } from '../crdt/document.js' */
/** @import { Intake } from './intake.js' */
/** @import { Type } from './types.js' */
/** @import { Key } from './wire.js' */

import { equalValues } from '../crdt/value.js'
import { queue } from './collection.js'
import { rename } from './fork.js'
import { refuse } from './refused.js'
import { applyPending } from './view.js'

/**
 * Makes the unsent changes anew that are left when everything is confirmed anew, and gives all
 * of them numbers of a new replica: some of the old one's are used up by changes that are no more.
 * @param {Intake} intake
 */
export async function remakeAll (intake) {
  const { db, tx, me, answer } = intake
  const pending = await tx.pendingOf()
  const keys = new Map(pending.map(p => [p.type + '/' + p.doc, { type: p.type, id: p.doc }]))
  for (const key of keys.values()) {
    const doc = await intake.confirmed(key)
    await remake(intake, key, doc, doc)
  }
  me.outdated = false
  if (!intake.remade && !pending.length) return
  intake.sendAgain = true
  await rename(db, tx, me)
  for (const p of await tx.pendingOf()) await tx.putPending({ ...p, since: answer.cursor })
}

/**
 * Makes the unsent changes to one document anew.
 * @param {Intake} intake
 * @param {Key} key
 * @param {State} old what they were made on
 * @param {State} now the document as it is; may be the same
 */
export async function remake (intake, { type, id }, old, now) {
  const { db, tx, me } = intake
  const pending = /** @type {Change[]} */ ((await tx.pendingOf(type, id)).map(p => p.change))
  if (!pending.length) return
  if (!now.exists() && pending[0].ops[0].kind === 'create') return // it was made here, and leans on nothing
  intake.remade = true
  for (const c of pending) await tx.deletePending(c.n)
  const local = intake.types.get(type)
  const { ops, misfits } = now.exists() && local
    ? anew(local, me.replica, old, now, pending)
    : { ops: [], misfits: [{ changes: pending, why: 'The record is not there any more for you. What you did to it is kept here.' }] }
  for (const { changes, why, field } of misfits) {
    for (const c of changes) {
      const kept = field === undefined ? c.ops : c.ops.filter(op => op.path?.[0] === field)
      if (!kept.length) continue
      intake.report.refused++
      await refuse(tx, { ...c, ops: kept }, { code: 'outdated', message: why, ...(field !== undefined && { field: '/' + field }) }, db.options.now())
    }
  }
  if (local) await queue(db, tx, me, local, id, { rec: undefined, doc: now }, ops)
}

/**
 * Changes that do not fit, whole or what they did to one field.
 * @typedef {{ changes: Change[], why: string, field?: string }} Misfit
 */

/**
 * The operations that do to a document as it is now what changes to it as it was did, and what
 * does not fit.
 * @param {Type} type
 * @param {string} replica
 * @param {State} old
 * @param {State} now
 * @param {Change[]} pending
 */
function anew (type, replica, old, now, pending) {
  /** @type {Misfit[]} */
  const misfits = []
  const view = old.clone() // as the person saw it
  for (const c of pending) {
    applyPending(view, c)
    if ((view.seen()[c.replica] ?? 0) < c.n) misfits.push({ changes: [c], why: 'This builds on a change that was refused.' })
  }
  const edit = () => now.edit(replica, type.plan)
  const editor = edit()
  const before = old.value()
  const after = view.value()
  for (const field of Object.keys({ ...before, ...after }).sort()) {
    try {
      const alone = edit()
      alone.rebase(field, before, after)
      type.check(alone.ops())
      editor.rebase(field, before, after)
    } catch (error) {
      misfits.push({ changes: pending, why: /** @type {Error} */ (error).message, field })
    }
  }
  if (old.deleted() !== view.deleted() && now.deleted() !== view.deleted()) {
    if (!view.deleted()) editor.restore()
    else if (equalValues(before, now.value())) editor.delete()
    else { // edit beats delete: what others wrote meanwhile keeps it
      const changes = pending.filter(c => c.ops.some(op => op.kind === 'delete'))
      misfits.push({ changes, why: 'Others worked on this record meanwhile, so it was not deleted.' })
    }
  }
  return { ops: editor.ops(), misfits }
}
