// Comfort for the admin pages. Everything works without it.

// A button with data-copy copies the text of the element it names.
for (const button of document.querySelectorAll('[data-copy]')) {
  const source = document.getElementById(button.dataset.copy)
  if (!source || !navigator.clipboard) continue
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent)
    button.textContent = 'Copied'
  })
}

// A form is sent once, however often its button is pressed; coming back to the page
// makes the button work again.
for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
  window.addEventListener('pageshow', () => { sent = false })
}
