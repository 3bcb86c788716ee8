import { same } from '../../form/path.js'
import { Toasts } from '../../ui/toast.jsx'
import { island } from '../island.js'
import { readType } from '../type.js'
import { Rehearsal } from './rehearsal.js'
import { Stage } from './stage.jsx'

/** @typedef {import('../../form/model.js').Type} Type */

/**
 * Two phones that edit one record, with a network each that can be switched off, and the
 * server between them: the merge is the real one, and what it does is told.
 * @param {Element} element
 * @param {{type: Type, focus?: string | string[], lang?: string}} options focus: the field to begin with, by its key
 *   or path; '': the whole form
 * @returns {{update: (type: Type | {faults: unknown[]}) => void, choose: (focus: string | string[]) => void, close: () => void}}
 */
export function mountRehearsal (element, { type, focus, lang }) {
  const place = island(element, 'rehearsal', lang)
  const moves = !matchMedia('(prefers-reduced-motion: reduce)').matches
  const rehearsal = new Rehearsal(readType(type), { focus: keyOf(focus), moves })
  place.draw(<><Stage rehearsal={rehearsal} /><Toasts /></>)
  return {
    // A draft with mistakes has no plan: what was rehearsed goes on.
    update (next) {
      if (('faults' in next && next.faults) || same(next, rehearsal.read.type)) return
      rehearsal.become(readType(/** @type {Type} */ (next)))
    },
    choose: (next) => rehearsal.choose(keyOf(next) ?? ''),
    close () {
      rehearsal.rest()
      place.close()
    }
  }
}

/** @param {string | string[] | undefined} focus */
const keyOf = (focus) => Array.isArray(focus) ? focus[0] : focus
