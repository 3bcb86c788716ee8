import { useEffect, useMemo } from 'preact/hooks'
import { Icon } from '../ui/icon.jsx'
import { t } from '../words/words.js'
import { FormContext, useFormState } from './context.js'
import { Fields } from './field.jsx'
import { focusIn } from './focus.js'
import { elementId } from './path.js'

/**
 * A form: its sections, one under the other, and what is announced of it.
 * @param {{form: import('./state.js').Form, others: import('./context.js').Others, root?: Document | ShadowRoot, whose?: string}} props
 *   whose: where there are several forms on a page
 */
export function FormView ({ form, others, root = document, whose }) {
  useFormState(form)
  useSteady(form)
  const shared = useMemo(() => ({ form, others, root }), [form, others, root])
  const label = form.saved && form.labelOf(form.saved)
  return (
    <FormContext.Provider value={shared}>
      <div class="form">
        {form.sections.filter(({ controls }) => controls.some((control) => form.visible(control, [control.key]))).map(({ title, controls }) => (
          <section key={title} class="panel" aria-label={[whose, title || t('formBasics')].filter(Boolean).join(': ')}>
            <h2 class={title ? undefined : 'out'}>{title || t('formBasics')}</h2>
            <Fields controls={controls} path={[]} />
          </section>
        ))}
        <p class="out" role="status">{label ? t('formSavedField', { label }) : ''}</p>
      </div>
    </FormContext.Provider>
  )
}

/**
 * Keeps the page from moving between press and release, on the form or beside it.
 * @param {import('./state.js').Form} form
 */
function useSteady (form) {
  useEffect(() => {
    const press = () => form.hold()
    const release = () => form.release()
    // Where no click comes of it, the button was left before it was released.
    const later = () => setTimeout(release)
    addEventListener('pointerdown', press, true)
    addEventListener('click', release)
    for (const end of ends) addEventListener(end, later)
    return () => {
      removeEventListener('pointerdown', press, true)
      removeEventListener('click', release)
      for (const end of ends) removeEventListener(end, later)
      release()
    }
  }, [form])
}

const ends = ['pointerup', 'pointercancel', 'blur']

/**
 * All that is wrong, each a way to the field that it is about.
 * @param {{form: import('./state.js').Form, title: string, tone: 'bad' | 'warn', root?: Document | ShadowRoot}} props
 */
export function Summary ({ form, title, tone, root }) {
  useFormState(form)
  const errors = form.errors()
  if (!errors.length) return null
  return (
    <div class={'notice summary ' + tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name="alert" />
      <div>
        <h2>{title}</h2>
        <ul>
          {errors.map(({ path, message }) => (
            <li key={elementId(path)}><a href={'#' + elementId(path)} onClick={(event) => { event.preventDefault(); goTo(path, root) }}>{message}</a></li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/**
 * Brings a field into view and puts the focus into it.
 * @param {import('./path.js').Path} path
 * @param {Document | ShadowRoot} [root] what the form stands in
 */
export function goTo (path, root = document) {
  const id = elementId(path)
  root.getElementById(id)?.scrollIntoView({ block: 'center' })
  focusIn(id, root)
}
