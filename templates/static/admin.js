// Comfort for the admin pages. Everything works without it.

// A button with data-copy copies the text of the element it names.
const offerCopies = (root) => {
  if (!navigator.clipboard) return
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false
}
offerCopies(document)
document.addEventListener('htmx:load', (event) => offerCopies(event.target))
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]')
  const source = button && document.getElementById(button.dataset.copy)
  if (!source) return
  await navigator.clipboard.writeText(source.textContent)
  button.textContent = button.dataset.copied
})

// Where the ways and tabs do not fit, the one that is open is among those that show.
for (const here of document.querySelectorAll('.top nav [aria-current=page], .tabs [aria-current=page]')) {
  const bar = here.parentElement
  if (here.offsetLeft + here.offsetWidth > bar.offsetLeft + bar.clientWidth) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - 48
}

// A form is sent once, however often its button is pressed; coming back to the page
// makes the button work again. What htmx sends, it orders itself.
const sent = new WeakSet()
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post' || form.closest('[hx-post], [hx-boost]')) return
  if (sent.has(form)) event.preventDefault()
  sent.add(form)
})
window.addEventListener('pageshow', () => {
  for (const form of document.forms) sent.delete(form)
})
