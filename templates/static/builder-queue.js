// What the builder sends and asks for, one after the other, and how answers get onto the
// page. What could not be sent stays in the queue and in the page until it can.

import { chosenControl, halfMade } from './builder-sentence.js'

/** @type {{run: () => Promise<Item>, keep: boolean}[]} */
const waiting = []
const narrow = matchMedia('(max-width: 47.99rem)') // one part at a time
const typed = new WeakSet() // fields somebody has typed in since they were last sent
let running = false
let config = { page: '', arrived () {} }
let retry

const builder = () => document.getElementById('builder')

document.addEventListener('input', (event) => typed.add(event.target))
addEventListener('beforeunload', (event) => {
  if (waiting.some(({ keep }) => keep)) event.preventDefault()
})

export const queue = {
  begin (settings) { config = settings },
  busy: () => waiting.length > 0
}

/**
 * Sends a form as it is filled in now. What its author saw of the setting is read when
 * its turn comes, because an answer may come before. holds: where it is not taken, the
 * page stays, whatever was to be shown next.
 */
export function send (form, button, more = {}, { holds = false } = {}) {
  const body = new URLSearchParams(button ? new FormData(form, button) : new FormData(form))
  for (const [name, value] of Object.entries(more)) body.set(name, value)
  const last = waiting.at(-1)
  if (last && last.form === form && last.said === said(body)) return // Enter in a field both changes and submits it
  for (const field of form.elements) typed.delete(field)
  const action = form.getAttribute('action')
  add({
    form, holds, said: said(body), keep: ![...body.keys()].some((name) => name.endsWith('.do')),
    ask () {
      if (form.isConnected && form.elements.from) body.set('from', form.elements.from.value)
      body.set('at', builder().dataset.chosen)
      body.set('edit', new URL(location.href).searchParams.get('edit') ?? '')
      body.set('page', config.page)
      return fetch(action, { method: 'POST', body, headers: { 'HX-Request': 'true' } })
    },
    focus: /^add|condition$|^(in|out)$/.test(body.get('do') ?? '')
  })
}

function said (body) {
  const copy = new URLSearchParams(body)
  copy.delete('from')
  return copy.toString()
}

/**
 * Shows another part of the builder.
 * @param {string | (() => string | undefined)} to an address, or what gives it when its turn comes
 */
export function follow (to, { quiet = false, back = false, replace = false } = {}) {
  add({
    quiet, back, replace, keep: false, focus: !quiet,
    ask () {
      const url = typeof to === 'function' ? to() : to
      if (!url) return null
      this.url = url
      return fetch(url, { headers: { 'HX-Request': 'true' } })
    }
  })
}

function add (item) {
  waiting.push(item)
  run()
}

async function run () {
  if (running) return
  running = true
  busy(true)
  clearTimeout(retry)
  while (waiting.length) {
    const why = await once(waiting[0])
    if (why) {
      if (why === 'no-answer') retry = setTimeout(run, 4000)
      lost(why)
      break
    }
    waiting.shift()
    lost('')
  }
  running = false
  busy(false)
}

/** Sends one; gives why it has to wait, '' when it is done. */
async function once (item) {
  const asked = item.ask()
  if (!asked) return ''
  let answer, text
  try {
    answer = await asked
    text = await answer.text()
  } catch { return 'no-answer' }
  if (new URL(answer.url).pathname === '/sign-in') return 'signed-out'
  if (answer.status >= 500) return 'no-answer'
  const page = new DOMParser().parseFromString(text, 'text/html')
  const next = page.getElementById('builder')
  if (!next) { location.assign(answer.url); return '' }
  const step = builder().dataset.step
  put(next, item.form)
  address(item, answer)
  if (item.focus) focus(builder().dataset.focus, step !== builder().dataset.step)
  if (item.holds && answer.status >= 400) while (waiting[1]?.keep === false) waiting.splice(1, 1)
  config.arrived()
  return ''
}

function address (item, answer) {
  const to = item.url ?? answer.headers.get('HX-Replace-Url')
  if (!to || item.back || item.quiet && !item.replace) return
  const same = new URL(to, location.href).href === location.href
  history[item.url && !item.replace && !same ? 'pushState' : 'replaceState'](null, '', to)
}

/**
 * Puts the builder of an answer in the place of the one that is shown. What somebody is
 * typing stays, and so does what they saw when they began, unless it is the answer to
 * that very form: else they would write over a change that they never saw.
 */
function put (next, own) {
  const had = whereFocus()
  globalThis.Idiomorph.morph(builder(), next, {
    morphStyle: 'outerHTML',
    callbacks: {
      beforeNodeMorphed (old, now) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true
        if (old.hasAttribute('data-keep') || old.hasAttribute('data-keep-value')) return false
        if (old !== own && halfMade(old) && sameSetting(old, now)) return false
        if (old.name === 'from' && old.form && old.form !== own && [...old.form.elements].some((field) => typed.has(field))) return !sameSetting(old, now)
        return !(typed.has(old) && sameSetting(old, now))
      },
      beforeAttributeUpdated (name, node) {
        return !(name === 'open' && node.hasAttribute('data-keep-open'))
      }
    }
  })
  if (document.activeElement === document.body) had()
}

/** Reports whether two fields are of the same setting, so that what is typed in one may stay. */
function sameSetting (old, now) {
  const mark = (field) => ['path', 'setting', 'choice', 'kind', 'after'].map((name) => (field.form ?? field).elements?.[name]?.value ?? '').join('\n')
  return mark(old) === mark(now)
}

/** Remembers what has the focus, to give it back. */
function whereFocus () {
  const had = document.activeElement
  const around = had?.closest('[id]')?.id
  const name = had?.getAttribute('name')
  const value = had?.tagName === 'BUTTON' ? had.value : ''
  return () => {
    if (!around) return
    const within = document.getElementById(around)
    if (within === had || !name) { within?.focus({ preventScroll: true }); return }
    const same = [...within?.querySelectorAll(`[name="${name}"]`) ?? []]
    same.find((one) => one.tagName !== 'BUTTON' || one.value === value)?.focus({ preventScroll: true })
  }
}

function focus (id, stepped) {
  let field = document.getElementById('adding-label') ?? chosenControl() ?? (id && document.getElementById(id))
  if (field instanceof HTMLFormElement) field = field.querySelector('[aria-invalid="true"]') ?? field.querySelector('select, input:not([type="hidden"]), button')
  if (field) {
    field.focus()
    field.select?.()
    return
  }
  if (!stepped || !narrow.matches) return
  const title = { field: 'panel-title', add: 'gallery-title', form: 'form-title' }[builder().dataset.step]
  const heading = document.getElementById(title)
  if (!heading?.checkVisibility()) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  scrollTo({ top: 0 })
}

// What has to wait

function lost (why) {
  const notice = document.getElementById('builder-lost')
  notice.hidden = !why
  notice.dataset.why = why
}
function busy (is) {
  const told = document.getElementById('builder-busy')
  if (told) told.hidden = !is
}
function again () { if (waiting.length) run() }
addEventListener('online', again)
addEventListener('focus', again)
document.addEventListener('visibilitychange', () => { if (!document.hidden) again() })
document.addEventListener('click', (event) => { if (event.target.closest('[data-again]')) again() })
