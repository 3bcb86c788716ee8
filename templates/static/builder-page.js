// How an answer gets onto the page of the builder: it takes the place of what is shown,
// and leaves alone what somebody is typing.

import { chosenControl, halfMade } from './builder-sentence.js'

const narrow = matchMedia('(max-width: 47.99rem)') // one part at a time
const typed = new WeakSet() // fields somebody has typed in since they were last sent
const builder = () => document.getElementById('builder')

document.addEventListener('input', (event) => typed.add(event.target))

/** Says that what is typed in a form is on its way. */
export function sent (form) { for (const field of form.elements) typed.delete(field) }

/**
 * Puts the builder of an answer in the place of the one that is shown. What somebody is
 * typing stays, and so does what they saw when they began, unless it is the answer to
 * that very form: else they would write over a change that they never saw.
 */
export function put (next, own) {
  const had = whereFocus()
  globalThis.Idiomorph.morph(builder(), next, {
    morphStyle: 'outerHTML',
    callbacks: {
      beforeNodeMorphed (old, now) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true
        if (old.hasAttribute('data-keep') || old.hasAttribute('data-keep-value')) return false
        if (old !== own && halfMade(old) && sameSetting(old, now)) return false
        if (old.name === 'from' && old.form && old.form !== own && [...old.form.elements].some((field) => typed.has(field))) return !sameSetting(old, now)
        return !(typed.has(old) && sameSetting(old, now))
      },
      beforeAttributeUpdated (name, node) {
        return !(name === 'open' && node.hasAttribute('data-keep-open'))
      }
    }
  })
  if (document.activeElement === document.body) had()
}

/** Reports whether two fields are of the same setting, so that what is typed in one may stay. */
export function sameSetting (old, now) {
  const mark = (field) => ['path', 'setting', 'choice', 'kind', 'after'].map((name) => (field.form ?? field).elements?.[name]?.value ?? '').join('\n')
  return mark(old) === mark(now)
}

/** Remembers what has the focus, to give it back. */
function whereFocus () {
  const had = document.activeElement
  const around = had?.closest('[id]')?.id
  const name = had?.getAttribute('name')
  const value = had?.tagName === 'BUTTON' ? had.value : ''
  return () => {
    if (!around) return
    const within = document.getElementById(around)
    if (within === had || !name) { within?.focus({ preventScroll: true }); return }
    const same = [...within?.querySelectorAll(`[name="${name}"]`) ?? []]
    same.find((one) => one.tagName !== 'BUTTON' || one.value === value)?.focus({ preventScroll: true })
  }
}

export function focus (id, stepped) {
  let field = document.getElementById('adding-label') ?? chosenControl() ?? (id && document.getElementById(id))
  if (field instanceof HTMLFormElement) field = field.querySelector('[aria-invalid="true"]') ?? field.querySelector('select, input:not([type="hidden"]), button')
  if (field) {
    field.focus()
    field.select?.()
    return
  }
  if (!stepped || !narrow.matches) return
  const title = { field: 'panel-title', add: 'gallery-title', form: 'form-title' }[builder().dataset.step]
  const heading = document.getElementById(title)
  if (!heading?.checkVisibility()) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  scrollTo({ top: 0 })
}
