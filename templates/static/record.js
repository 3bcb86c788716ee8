// One record: its form on demand, who else is here, and what moved meanwhile. Reading it
// needs none of this.

import { here } from './here.js'
import { openForm } from './recordform.js'

const root = document.getElementById('record')
const { type, id, user } = root.dataset
const says = JSON.parse(root.dataset.says)
const status = document.getElementById('here')
const host = document.querySelector('[data-form]')

for (const hint of document.querySelectorAll('[data-unscripted]')) hint.hidden = true

let form = null // the open form
let people = []
let news = ''

/** Says a sentence with names put in. */
const say = (text, put = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => put[name] ?? whole)

const labelOf = (key) => document.querySelector(`[data-field="${CSS.escape(key)}"] dt span`)?.textContent ?? key

function drawStatus () {
  status.replaceChildren(...people.map(draw), ...(news ? [text(news)] : []))
  status.hidden = !status.firstChild
  for (const row of document.querySelectorAll('[data-field]')) {
    row.classList.toggle('there', people.some(({ field, me }) => field === row.dataset.field && !me))
  }
}

function draw ({ name, me, field }) {
  const one = text(me ? says.self : say(field ? says.field : says.here, { name, field: field && labelOf(field) }))
  one.className = 'one'
  const face = document.createElement('span')
  face.className = 'face'
  face.ariaHidden = 'true'
  face.textContent = [...name][0] ?? ''
  one.prepend(face)
  return one
}

function text (sentence) {
  const span = document.createElement('span')
  span.textContent = sentence
  return span
}

/** Shows the page's parts as they are on the server now. */
async function refresh () {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  offer(page) // before: what is hidden for a moment loses the focus
  for (const part of ['#record-head', '#record-fields [data-values]', '#record-timeline']) {
    const [old, now] = [document.querySelector(part), page.querySelector(part)]
    if (old && now) globalThis.Idiomorph.morph(old, now)
  }
  drawStatus()
}

async function moved (move) {
  if (move.what === 'gone') {
    news = says.gone
    return drawStatus()
  }
  news = move.by === user ? '' : say(says.moved, { name: move.by })
  if (form) await form.reload()
  await refresh()
}

const place = id ? here(`record/${type}/${id}`, { people (list) { people = list; drawStatus() }, moved }) : null

/** Opens the form. */
async function edit () {
  if (form) return
  try {
    form = await openForm(host, { type, id, user, says, saved, closed, focused: (key) => place?.focus(key) })
    document.body.classList.toggle('editing', true)
    offer()
    form.focus()
  } catch {
    news = says.failed
    drawStatus()
  }
}

/** @param {{id: string}} record */
async function saved (record) {
  if (!id) return location.replace(`/admin/types/${type}/records/${record.id}`)
  news = says.saved
  if (form && !form.dirty()) form.close()
  await refresh()
}

function closed () {
  form = null
  place?.focus('')
  document.body.classList.toggle('editing', false)
  offer()
  document.querySelector('[data-edit]')?.focus()
}

/** Buttons that only the script can do are shown by it. */
function offer (page = document) {
  for (const button of page.querySelectorAll('[data-edit]')) button.hidden = !!form
  for (const button of page.querySelectorAll('[data-close]')) button.hidden = !form
}

offer()
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-edit]')) edit()
  if (event.target.closest('[data-close]')) form?.close()
})
if (!id || new URLSearchParams(location.search).has('edit')) edit()
