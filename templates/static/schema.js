// The draft as JSON: line numbers that follow the text, a click on a mistake that leads
// to its line, and nothing lost when the session has ended. Everything else is a form.

const form = document.querySelector('[data-schema]')
const text = form.querySelector('[data-code]')
const lines = form.querySelector('[data-lines]')

function number () {
  const wanted = text.value.split('\n').length
  while (lines.children.length > wanted) lines.lastChild.remove()
  while (lines.children.length < wanted) lines.append(document.createElement('li'))
  text.rows = Math.max(wanted, 12) + 1
}
text.addEventListener('input', () => {
  number()
  for (const line of lines.querySelectorAll('.marked')) line.classList.remove('marked')
})
number()

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-line]')
  if (!link) return
  event.preventDefault()
  const before = text.value.split('\n').slice(0, link.dataset.line - 1)
  const begin = before.reduce((sum, line) => sum + line.length + 1, 0)
  const end = text.value.indexOf('\n', begin)
  text.focus({ preventScroll: true })
  text.setSelectionRange(Math.min(begin + (Number(link.dataset.column) || 1) - 1, end < 0 ? text.value.length : end), end < 0 ? text.value.length : end)
  lines.children[link.dataset.line - 1]?.scrollIntoView({ block: 'center' })
})

text.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && (event.key === 's' || event.key === 'Enter')) {
    event.preventDefault()
    form.requestSubmit()
  }
})

// A form that is sent after the session has ended would be lost: ask first.
let asked = false
form.addEventListener('submit', async (event) => {
  if (asked || !form.dataset.check) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const answer = await fetch(form.dataset.check).catch(() => null)
  const out = !answer || new URL(answer.url).pathname === '/sign-in'
  document.getElementById('builder-lost').hidden = !out
  if (out) return
  asked = true
  form.requestSubmit()
}, true)

let sent = text.value
addEventListener('beforeunload', (event) => { if (text.value !== sent && !asked) event.preventDefault() })
