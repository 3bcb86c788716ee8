import { useState } from 'preact/hooks'
import { FormView, goTo, Summary } from '../form/form.jsx'
import { Button } from '../ui/button.jsx'
import { Empty, Notice } from '../ui/empty.jsx'
import { Toasts } from '../ui/toast.jsx'
import { s } from '../words/studio.js'
import { island } from './island.js'
import { othersOf } from './look.js'
import { Phone } from './phone.jsx'
import { trialOf } from './trial.js'
import { readType } from './type.js'

/**
 * @typedef {import('../form/model.js').Type} Type
 * @typedef {import('./look.js').Look} Look
 */

/**
 * The form of a type on a phone, to be typed in and not kept. It follows the type while
 * somebody edits it.
 * @param {Element} element
 * @param {{type: Type | {faults: unknown[]}, lang?: string, look?: Look}} options
 * @returns {{update: (type: Type | {faults: unknown[]}) => void, close: () => void}}
 */
export function mountPreview (element, { type, lang, look }) {
  const place = island(element, 'preview', lang)
  const others = othersOf(look)
  /** @type {{read: import('./type.js').Read, form: import('../form/state.js').Form} | undefined} */
  let shown
  /** @param {Type | {faults: unknown[]}} next */
  const update = (next) => {
    const faults = 'faults' in next && next.faults ? next.faults.length : 0
    if (!faults) {
      const read = readType(/** @type {Type} */ (next), others.me)
      shown = { read, form: trialOf(read, shown?.form) }
    }
    draw(faults)
  }
  const again = () => {
    if (shown) shown = { ...shown, form: trialOf(shown.read) }
    draw(0)
  }
  /** @param {number} faults */
  const draw = (faults) => place.draw(<Preview {...shown} faults={faults} others={others} root={place.root} onAgain={again} />)
  update(type)
  return { update, close: place.close }
}

/**
 * @param {{
 *   read?: import('./type.js').Read, form?: import('../form/state.js').Form, faults: number,
 *   others: import('../form/context.js').Others, root: ShadowRoot, onAgain: () => void
 * }} props
 */
function Preview ({ read, form, faults, others, root, onAgain }) {
  const [saves, setSaves] = useState(/** @type {unknown} */ (null))
  if (!read || !form) return <Notice tone="warn" icon="alert" live>{s('faulty', { n: faults })}</Notice>
  const some = form.sections.some(({ controls }) => controls.length)
  const attempt = () => {
    const fine = form.checkAll()
    setSaves(fine ? form : null)
    if (!fine) goTo(form.errors()[0]?.path ?? [], root)
  }
  const foot = some && (
    <div class="row">
      <Button kind="quiet" icon="restore" label={s('startAgain')} onClick={() => { setSaves(null); onAgain() }} />
      <Button class="grow" icon="save" onClick={attempt}>{s('tryIt')}</Button>
    </div>
  )
  return <>
    {faults > 0 && <Notice tone="warn" icon="alert" live>{s('faulty', { n: faults })}</Notice>}
    <Phone title={read.title} screen={read.title} label={s('previewOf', { title: read.title })} foot={foot}>
      {!some && <Empty icon="edit" title={s('noFields')}><p>{s('noFieldsMore')}</p></Empty>}
      {saves === form && <Notice tone="good" icon="check" live>{s('wouldSave')}</Notice>}
      <Summary form={form} title={s('cannotSave')} tone="bad" root={root} />
      <FormView form={form} others={others} root={root} />
    </Phone>
    <Toasts />
  </>
}
