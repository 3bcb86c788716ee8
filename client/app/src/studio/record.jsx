import { useEffect, useState } from 'preact/hooks'
import { useFormState } from '../form/context.js'
import { FormView, goTo, Summary } from '../form/form.jsx'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { Ask } from '../ui/sheet.jsx'
import { Toasts } from '../ui/toast.jsx'
import { s } from '../words/studio.js'
import { t } from '../words/words.js'
import { island } from './island.js'
import { othersOf } from './look.js'
import { Sheet } from './sheet.js'
import { readType } from './type.js'

/**
 * @typedef {import('./sheet.js').State} State
 *
 * @typedef {object} FormOptions
 * @property {import('../form/model.js').Type} type
 * @property {string} [id] of the record; left out with value: it is to be made
 * @property {{[key: string]: any}} [value] what the record holds
 * @property {State['problems']} [problems] what the server has against it
 * @property {State['disagreements']} [disagreements] conflict fields that wait for a pick
 * @property {string} [user] whose work it is, so that what is not saved is offered to nobody else
 * @property {boolean} [readOnly]
 * @property {{[key: string]: any}} [begin] values that it begins with, changed already: somebody else's, to be looked at and saved
 * @property {string} [lang]
 * @property {import('./look.js').Look} [look]
 * @property {import('./sheet.js').Save} save
 * @property {(dirty: boolean) => void} [onDirty] whether there is something to save, when that changes
 *
 * @typedef {object} FormIsland
 * @property {() => boolean} dirty whether something is not saved
 * @property {(value: State['value'], more?: Omit<State, 'value'>) => void} moved the record is another one on the server
 * @property {() => Promise<unknown>} submit as the button does
 * @property {() => void} close what is not saved stays in the browser
 */

/**
 * The form of a record. What is changed is saved by its own button, as the fields that
 * differ and what they were.
 * @param {Element} element
 * @param {FormOptions} options
 * @returns {FormIsland}
 */
export function mountForm (element, options) {
  const { type, id = 'new', value, problems, disagreements, user = '', readOnly, begin, lang, look, save, onDirty } = options
  const place = island(element, 'record', lang)
  const sheet = new Sheet({
    read: readType(type, user), record: value && { value, problems, disagreements },
    place: { me: user, type: type.name, id: begin ? id + ' begun' : id }, save, readOnly, begin
  })
  const stop = keeping(sheet, onDirty)
  const submit = async () => {
    const path = await sheet.submit()
    if (path) goTo(path, place.root)
  }
  place.draw(<Record sheet={sheet} others={othersOf({ me: user, ...look })} root={place.root} onSave={submit} />)
  return {
    dirty: () => sheet.fields > 0,
    moved: (value, more) => sheet.moved({ value, ...more }),
    submit,
    close () {
      stop()
      place.close()
    }
  }
}

/**
 * Keeps what is not saved in the browser, soon after each stroke and when the page goes.
 * @param {Sheet} sheet
 * @param {((dirty: boolean) => void) | undefined} onDirty
 */
function keeping (sheet, onDirty) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let dirty = false
  const keep = () => {
    clearTimeout(timer)
    timer = undefined
    sheet.keep()
  }
  const off = sheet.form.subscribe(() => {
    timer ??= setTimeout(keep, 300)
    if (dirty !== sheet.fields > 0) onDirty?.(dirty = !dirty)
  })
  addEventListener('pagehide', keep)
  return () => {
    off()
    removeEventListener('pagehide', keep)
    if (timer) keep()
  }
}

/**
 * @param {{sheet: Sheet, others: import('../form/context.js').Others, root: ShadowRoot, onSave: () => void}} props
 */
function Record ({ sheet, others, root, onSave }) {
  const { form } = sheet
  useFormState(form)
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const pressed = (event) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || form.readOnly) return
      event.preventDefault()
      onSave()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [sheet])
  return (
    <form
      noValidate onSubmit={(event) => { event.preventDefault(); onSave() }}
      onKeyDown={(event) => {
        // Enter in a field does not save a record that is not finished; Ctrl+S does, wherever the focus is.
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
      }}
    >
      {sheet.found > 0 && <Notice icon="edit" live><p>{s('found', { n: sheet.found })}</p><Button onClick={() => setAsking(true)}>{s('discard')}</Button></Notice>}
      <Summary form={form} title={t(sheet.source.kept ? 'recordAttention' : 'recordCannotSave')} tone={sheet.source.kept ? 'warn' : 'bad'} root={root} />
      <FormView form={form} others={others} root={root} />
      {!form.readOnly && <Bar sheet={sheet} onDiscard={() => setAsking(true)} />}
      {asking && <Ask title={s('discardAsk')} yes={s('discard')} danger onYes={() => sheet.discard()} onClose={() => setAsking(false)}><p>{s('discardMore')}</p></Ask>}
      <Toasts />
    </form>
  )
}

/** @param {{sheet: Sheet, onDiscard: () => void}} props */
function Bar ({ sheet, onDiscard }) {
  const { fields, state } = sheet
  const nothing = !fields && sheet.source.kept
  return <>
    {state === 'failed' && <Notice tone="bad" icon="alert" live><p>{sheet.fault}</p><p>{s('keptFor')}</p></Notice>}
    {state === 'mend' && fields > 0 && <Notice tone="bad" icon="alert" live>{s('mendFirst')}</Notice>}
    {state === 'choose' && fields > 0 && <Notice tone="warn" icon="alert" live>{s('chooseFirst')}</Notice>}
    <div class={nothing ? 'bar idle' : 'bar'}>
      <p role="status">{nothing && state === 'saved' ? s('saved') : s(sheet.source.kept ? 'changes' : 'newChanges', { n: fields })}</p>
      {fields > 0 && <Button kind="quiet" onClick={onDiscard} disabled={state === 'saving'}>{s('discard')}</Button>}
      <Button kind="primary" type="submit" icon="save" busy={state === 'saving'} disabled={nothing}>{t('save')}</Button>
    </div>
  </>
}
