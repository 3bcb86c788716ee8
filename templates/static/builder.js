// The type builder as a page that moves: its forms are sent as they are filled in, one
// after the other, and the answer is put in the place of what is shown without taking
// away the focus or what somebody is typing. Everything works without it.

import { here } from './here.js'
import { follow, queue, send } from './builder-queue.js'
import { keepSentence, offerSentences } from './builder-sentence.js'
import { offerDrag } from './builder-drag.js'
import { offerHalfTyped } from './builder-kept.js'
import { focus } from './builder-page.js'
import { offerPreview, refreshPreview } from './builder-preview.js'

const builder = () => document.getElementById('builder')
const wide = matchMedia('(min-width: 48rem)')
let people = []

/** What follows each answer that was put on the page. */
function arrived () {
  markPeople()
  filterKinds()
  filterFields()
  tellTime()
  refreshPreview()
  standAgain()
}

const place = here(builder().dataset.place, {
  people (list) { people = list; markPeople() },
  moved () { if (!queue.busy() && !queue.refused()) follow(location.href, { quiet: true }) }
})
queue.begin({ page: place.page, arrived })
offerDrag(send)
offerPreview()
offerSentences(send, follow)
const standAgain = offerHalfTyped({ send, follow })
arrived()
if (builder().dataset.focus) focus(builder().dataset.focus)
document.querySelector('.form-row.chosen')?.scrollIntoView({ block: 'nearest' })

// Forms: one that is only settings is sent as each is changed.

const added = new WeakSet() // forms that were sent as they are
document.addEventListener('input', (event) => added.delete(event.target.form))

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!builder().contains(form)) return
  event.preventDefault()
  added.add(form)
  send(form, event.submitter)
})
document.addEventListener('change', (event) => {
  const form = event.target.form
  if (!form?.hasAttribute('data-auto') || event.target.hasAttribute('data-try')) return
  send(form, form.querySelector('button.save:not([value="try"])'))
})

// Links within the builder show another part of it.

document.addEventListener('click', (event) => {
  const link = event.target.closest('#builder a[href]')
  if (!link || link.target || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
  if (new URL(link.href).pathname !== builder().dataset.form) return
  event.preventDefault()
  const { kind } = link.dataset
  if (!link.matches('[data-sentence] [data-cancel]')) keepSentence()
  // Where a kind goes may have changed by the time its turn comes.
  follow(() => kind ? document.querySelector(`#gallery a[data-kind="${kind}"]`)?.href ?? link.href : link.href)
})
addEventListener('popstate', () => {
  keepSentence()
  follow(location.href, { back: true })
})

// A label that somebody edits in the form shows the settings of its field beside it.

let choosing
document.addEventListener('focusin', (event) => {
  const row = event.target.closest('[data-row]')
  const at = row ? row.dataset.at : event.target.closest('#panel') ? builder().dataset.chosen : ''
  place.focus(at)
  clearTimeout(choosing)
  if (!event.target.matches('[data-row] [data-label]') || !wide.matches || at === builder().dataset.chosen) return
  const { href } = row.querySelector('[data-choose]')
  choosing = setTimeout(() => {
    if (event.target !== document.activeElement) return
    keepSentence()
    follow(href, { quiet: true, replace: true })
  }, 300)
})

// A field that is being added is added when somebody goes on elsewhere.

document.addEventListener('focusout', (event) => {
  const form = event.target.closest('[data-adding]')
  if (!form || added.has(form) || event.target.id !== 'adding-label' || !document.hasFocus() || form.contains(event.relatedTarget)) return
  if (!event.target.value.trim()) return
  added.add(form)
  send(form, null, { do: 'add' })
})

// Keys

document.addEventListener('keydown', (event) => {
  if (event.isComposing || !builder().contains(event.target)) return
  const row = event.target.closest('[data-row]')
  if (event.altKey && row && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault()
    const form = row.querySelector('form')
    send(form, form.querySelector(`button[value="${event.key === 'ArrowUp' ? 'up' : 'down'}"]`))
  } else if (event.altKey && event.shiftKey && row && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    event.preventDefault()
    send(row.querySelector('form'), null, { do: event.key === 'ArrowRight' ? 'in' : 'out' })
  } else if (event.key === 'Enter' && event.target.matches('[data-row] [data-label]')) {
    event.preventDefault()
    addNext(event.target, row)
  } else if (event.key === 'Escape' && event.target.closest('[data-adding]')) {
    event.target.value = ''
    follow(event.target.closest('[data-adding]').querySelector('[data-cancel]').href)
  }
})
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z' || event.target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select')) return
  const button = document.querySelector(event.shiftKey ? '[data-redo]' : '[data-undo]')
  if (!button || button.disabled) return
  event.preventDefault()
  send(button.form, button)
})

/** Keeps the label that was typed, and opens the next field of its kind. */
function addNext (input, row) {
  if (input.value !== input.defaultValue) send(input.form, input.form.querySelector('button.save'))
  const { at } = row.dataset
  follow(() => document.querySelector(`[data-row][data-at="${CSS.escape(at)}"] > form`)?.dataset.more)
}

// The gallery is searched as somebody types.

function filterKinds () {
  const search = document.getElementById('gallery-search')
  const wanted = search.value.trim().toLowerCase()
  let some = false
  for (const group of document.querySelectorAll('[data-kinds]')) {
    let any = false
    for (const link of group.querySelectorAll('[data-search]')) {
      const fits = link.dataset.search.toLowerCase().includes(wanted)
      link.parentElement.hidden = !fits
      any ||= fits
    }
    group.hidden = !any
    some ||= any
  }
  document.getElementById('gallery-none').hidden = some
}
document.addEventListener('input', (event) => { if (event.target.id === 'gallery-search') filterKinds() })

// So is a long form: a row is shown where it, or one inside it, or what it stands in, is called that.

function filterFields () {
  const wanted = document.getElementById('field-search')?.value.trim().toLowerCase()
  if (wanted === undefined) return
  const called = (row) => ((row.querySelector('[data-label]')?.value ?? '') + ' ' + row.dataset.at).toLowerCase().includes(wanted)
  for (const row of document.querySelectorAll('[data-row]')) {
    const own = called(row) || Boolean(row.parentElement.closest('[data-row]') && called(row.parentElement.closest('[data-row]')))
    row.hidden = !own && ![...row.querySelectorAll('[data-row]')].some(called)
  }
  for (const section of document.querySelectorAll('.form-section')) section.hidden = wanted !== '' && !section.querySelector('[data-row]:not([hidden])')
}
document.addEventListener('input', (event) => { if (event.target.id === 'field-search') filterFields() })
document.addEventListener('keydown', (event) => {
  if (event.target.id !== 'gallery-search' || event.key !== 'Enter') return
  event.preventDefault()
  document.querySelector('#gallery li:not([hidden]) a')?.click()
})

// A pattern is tried while it is typed.

let trying
document.addEventListener('input', (event) => {
  const control = event.target.closest('.control-pattern')
  if (!control) return
  clearTimeout(trying)
  trying = setTimeout(() => tryPattern(control), 250)
})
async function tryPattern (control) {
  const form = control.querySelector('form')
  const body = new URLSearchParams(new FormData(form))
  body.set('do', 'try')
  const answer = await fetch(form.action, { method: 'POST', body, headers: { 'HX-Request': 'true' } }).catch(() => null)
  if (!answer || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const told = control.querySelector('.tried')
  const next = page.getElementById(told.id)
  if (next) { told.className = next.className; told.replaceChildren(...next.childNodes) }
}

// Who else is here.

function markPeople () {
  const faces = people.map((person) => {
    const face = document.createElement('span')
    face.className = 'face'
    face.dataset.first = Array.from(person.name)[0] ?? ''
    face.textContent = person.name
    return face
  })
  document.getElementById('builder-people').replaceChildren(...faces)
  for (const mark of document.querySelectorAll('.here-mark')) mark.remove()
  for (const person of people) {
    if (!person.field) continue
    const row = document.querySelector(`[data-row][data-at="${CSS.escape(person.field)}"]`)
    const mark = document.createElement('span')
    mark.className = 'here-mark'
    mark.textContent = person.name
    row?.querySelector('.row-text').append(mark)
  }
}

// How long ago it was saved.

function tellTime () {
  const time = document.querySelector('#builder-state time')
  if (!time) return
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000))
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: 'short' })
  if (seconds < 60) time.textContent = ago.format(-seconds, 'second')
  else if (seconds < 3600) time.textContent = ago.format(-Math.floor(seconds / 60), 'minute')
}
setInterval(tellTime, 5000)
