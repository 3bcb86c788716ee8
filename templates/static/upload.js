// The form of a large file says how far the file is. Without this the browser sends it by
// itself, and the answer is the same.

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.matches('form[data-upload]')) return
  event.preventDefault()
  const panel = form.querySelector('[data-upload-progress]')
  const bar = panel.querySelector('progress')
  const label = panel.querySelector('p')
  const button = form.querySelector('button')
  const request = new XMLHttpRequest()
  request.upload.addEventListener('progress', (sent) => { if (sent.lengthComputable) bar.value = sent.loaded * 100 / sent.total })
  request.upload.addEventListener('load', () => {
    label.textContent = label.dataset.then
    bar.removeAttribute('value')
  })
  request.addEventListener('load', () => {
    if (request.status < 400) return location.assign(request.responseURL)
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html').querySelector('main')
    if (answer) document.querySelector('main').replaceWith(answer)
  })
  // The browser says by itself why it cannot be sent.
  request.addEventListener('error', () => form.submit())
  request.open('POST', form.action)
  panel.hidden = false
  button.disabled = true
  request.send(new FormData(form))
})
