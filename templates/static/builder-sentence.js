// A condition that is being made in the panel: each comparison that is chosen, added or
// taken away shows the panel again, and what is made is kept when it is done, or when
// somebody goes on elsewhere.

const touched = new WeakSet() // forms that hold what the draft does not have
let ask

/** @param {typeof import('./builder-queue.js').send} send
 *  @param {typeof import('./builder-queue.js').follow} follow */
export function offerSentences (send, follow) {
  ask = send
  document.addEventListener('input', ({ target }) => touch(target.form))
  document.addEventListener('submit', ({ target, submitter }) => { if (submitter?.name.endsWith('.do')) touch(target) }, true)
  document.addEventListener('change', ({ target }) => {
    const name = target.form?.dataset.sentence
    if (name) send(target.form, null, { [name + '.do']: 'look' })
  })
  document.addEventListener('keydown', (event) => {
    const form = event.target.closest?.('form[data-sentence]')
    if (!form || event.key !== 'Escape') return
    event.preventDefault()
    follow(form.querySelector('[data-cancel]').href)
  })
}

/** Says that a form holds what the draft does not have. */
export function touch (form) { if (form?.dataset.sentence) touched.add(form) }

/** Reports whether a form is of a condition that is half made, so that nothing may take its place. */
export function halfMade (form) { return touched.has(form) }

/** Keeps the condition that somebody has begun, before the panel shows something else. */
export function keepSentence () {
  const form = document.querySelector('form[data-sentence]')
  if (form && touched.has(form)) ask(form, null, {}, { holds: true })
}

/** The control that is to have the focus after a button of a condition, undefined for none. */
export function chosenControl () {
  return document.querySelector('form[data-sentence] [autofocus]') ?? undefined
}
