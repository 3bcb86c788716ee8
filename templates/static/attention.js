// Mending a record where it is listed: its form opens below what is wrong with it, and
// goes once it is saved. That of a refused change begins with what was tried, and once it
// is saved the refusal is done with.

import { openForm } from './recordform.js'

const root = document.getElementById('attention')
const says = JSON.parse(root.dataset.says)
const open = new Map() // by the card

const offer = () => {
  for (const button of root.querySelectorAll('[data-mend]')) button.hidden = open.has(button.closest('article'))
}

/** Shows the list as it is on the server now; forms that are open stay. */
async function refresh () {
  const answer = await fetch(root.dataset.at, { headers: { accept: 'text/html' } })
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const isOpen = (node) => node instanceof Element && node.matches('[data-form]') && open.has(node.closest('article'))
  globalThis.Idiomorph.morph(root, page.getElementById('attention'), { callbacks: { beforeNodeMorphed: (old) => !isOpen(old) } })
  offer()
}

root.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-mend]')
  if (!button) return
  const card = button.closest('article')
  const { type, id, begin, make, settles } = button.dataset
  button.disabled = true
  try {
    const form = await openForm(card.querySelector('[data-form]'), {
      type, id, make, user: root.dataset.user, says, begin: begin && JSON.parse(begin),
      async saved () {
        if (form.dirty()) return
        form.close()
        open.delete(card)
        if (settles) await fetch(settles, { method: 'POST', redirect: 'manual' })
        await refresh()
        document.getElementById('main').focus()
      }
    })
    open.set(card, form)
    form.focus()
  } catch {
    location.assign(`/admin/types/${type}/records/${id ?? '_new'}`)
  }
  button.disabled = false
  offer()
})

offer()
