import { same } from '../../form/path.js'
import { Notice } from '../../ui/empty.jsx'
import { Toasts } from '../../ui/toast.jsx'
import { s } from '../../words/studio.js'
import { island } from '../island.js'
import { readType } from '../type.js'
import { Rehearsal } from './rehearsal.js'
import { Stage } from './stage.jsx'

/** @typedef {import('../../form/model.js').Type} Type */

/**
 * Two phones that edit one record, with a network each that can be switched off, and the
 * server between them: the merge is the real one, and what it does is told.
 * @param {Element} element
 * @param {{type: Type | {faults: unknown[]}, focus?: string | string[], lang?: string}} options focus: the field to begin with, by its key
 *   or path; '': the whole form
 * @returns {{update: (type: Type | {faults: unknown[]}) => void, choose: (focus: string | string[]) => void, close: () => void}}
 */
export function mountRehearsal (element, { type, focus, lang }) {
  const place = island(element, 'rehearsal', lang)
  const moves = !matchMedia('(prefers-reduced-motion: reduce)').matches
  /** @type {Rehearsal | undefined} */
  let rehearsal
  /** @param {Type | {faults: unknown[]}} next */
  const update = (next) => {
    // A draft with mistakes has no plan: what was rehearsed goes on.
    const faults = 'faults' in next && next.faults ? next.faults.length : 0
    if (faults && !rehearsal) place.draw(<Notice tone="warn" icon="alert" live>{s('noRehearsal', { n: faults })}</Notice>)
    if (faults || same(next, rehearsal?.read.type)) return
    const read = readType(/** @type {Type} */ (next))
    if (rehearsal) return rehearsal.become(read)
    rehearsal = new Rehearsal(read, { focus: keyOf(focus), moves })
    place.draw(<><Stage rehearsal={rehearsal} /><Toasts /></>)
  }
  update(type)
  return {
    update,
    choose: (next) => rehearsal?.choose(keyOf(next) ?? ''),
    close () {
      rehearsal?.rest()
      place.close()
    }
  }
}

/** @param {string | string[] | undefined} focus */
const keyOf = (focus) => Array.isArray(focus) ? focus[0] : focus
