// The style of the islands: read once, shared by all of them. It lies beside the script.

const sheet = new CSSStyleSheet()

let there = false

const ready = fetch(new URL('studio.css', import.meta.url))
  .then((answer) => answer.ok ? answer.text() : '')
  .then((text) => sheet.replace(text))
  .catch(() => {}) // a page without style can still be worked with
  .then(() => { there = true })

/**
 * Makes what stands in a root look as the app does. Until the style is there it is hidden.
 * @param {ShadowRoot} root
 * @param {HTMLElement} box all that is in it
 */
export function dress (root, box) {
  root.adoptedStyleSheets = [sheet]
  box.hidden = !there
  onceDressed(() => { box.hidden = false })
}

/**
 * Calls fn as soon as something can be seen and have the focus: at once, but for the first
 * island of a page.
 * @param {() => void} fn
 */
export function onceDressed (fn) {
  if (there) fn()
  else ready.then(fn)
}
