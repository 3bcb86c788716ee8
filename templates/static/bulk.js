// With script the form for many records fetches itself anew when a field is chosen, so the
// button for that is not needed.

const hide = () => { for (const one of document.querySelectorAll('[data-unscripted]')) one.hidden = true }
hide()
document.addEventListener('htmx:afterSettle', hide)
