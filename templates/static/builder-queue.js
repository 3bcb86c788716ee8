// What the builder sends and asks for, one after the other. What could not be sent stays
// in the queue, in the page and in the browser until it can.

import { again, keep, letGo, stillUnsent } from './builder-kept.js'
import { focus, put, sent } from './builder-page.js'

/**
 * @typedef {object} Item a command of somebody, or a page to show
 * @property {() => Promise<Response> | null} ask sends it; null where there is nothing to send
 * @property {boolean} keep it is somebody's work
 * @property {import('./builder-kept.js').Kept} [command] where it is work
 */

/** @type {Item[]} */
const waiting = []
/** @type {Item[]} Refused, and the page has shown something else since. */
const unseen = []
let refused // what the page says was not taken: gone with the next thing somebody does
let running = false
let config = { page: '', arrived () {} }
let retry

const builder = () => document.getElementById('builder')

export const queue = {
  /** Begins with what an earlier page could not send. */
  begin (settings) {
    config = settings
    for (const kept of stillUnsent(builder())) add(itemOf(kept))
  },
  busy: () => waiting.length > 0,
  /** Reports whether the page says what was not taken, with what was typed. */
  refused: () => refused !== undefined
}

/**
 * Sends a form as it is filled in now, or as body says. holds: where it is not taken, the
 * page stays, whatever was to be shown next.
 */
export function send (form, button, more = {}, { holds = false, body = new URLSearchParams(button ? new FormData(form, button) : new FormData(form)) } = {}) {
  for (const [name, value] of Object.entries(more)) body.set(name, value)
  const last = waiting.at(-1)
  if (last && last.form === form && last.said === said(body)) return // Enter in a field both changes and submits it
  sent(form)
  done()
  body.set('page', config.page)
  const item = itemOf({ id: crypto.getRandomValues(new Uint32Array(4)).join('-'), action: form.getAttribute('action'), body: body.toString() })
  Object.assign(item, { form, holds, said: said(body) })
  if (item.keep) {
    item.kept = keep(builder(), item.command)
    again(form, null)
  }
  add(item)
}

/** What sends a command. What its author saw is in it, until an earlier one of theirs changes that. */
function itemOf (command) {
  const sends = new URLSearchParams(command.body)
  return {
    command,
    keep: ![...sends.keys()].some((name) => name.endsWith('.do')), // else only the panel moves
    focus: /^add|condition$|^(in|out)$/.test(sends.get('do') ?? ''),
    ask () {
      const body = new URLSearchParams(command.body)
      body.set('once', command.id)
      body.set('at', builder().dataset.chosen)
      body.set('edit', new URL(location.href).searchParams.get('edit') ?? '')
      return fetch(command.action, { method: 'POST', body, headers: { 'HX-Request': 'true' } })
    }
  }
}

function said (body) {
  const copy = new URLSearchParams(body)
  for (const name of ['from', 'page']) copy.delete(name)
  return copy.toString()
}

/**
 * Shows another part of the builder.
 * @param {string | (() => string | undefined)} to an address, or what gives it when its turn comes
 */
export function follow (to, { quiet = false, back = false, replace = false } = {}) {
  if (!quiet) done()
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

/** Somebody goes on: what was not taken has been seen. */
function done () {
  if (refused) letGo(builder(), refused.command)
  refused = undefined
}

async function run () {
  if (running) return
  running = true
  busy(true)
  clearTimeout(retry)
  while (waiting.length) {
    const item = waiting[0]
    const why = await once(item)
    if (why === 'no-answer') retry = setTimeout(run, 4000)
    if (why === 'no-answer' || why === 'signed-out') { lost(why); break }
    waiting.shift()
    lost('')
    if (why === 'refused' && waiting.length) unseen.push(item)
    else if (why === 'refused') refused = item
    else if (item.keep) letGo(builder(), item.command)
    if (!waiting.length && !refused && unseen.length) waiting.push(unseen.shift())
  }
  running = false
  busy(false)
}

/** Sends one; gives why it has to wait, or that it was refused; '' when it is done. */
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
  if (item.keep && answer.ok) rebase(item, next)
  put(next, item.form)
  address(item, answer)
  if (item.focus) focus(builder().dataset.focus, step !== builder().dataset.step)
  if (item.holds && !answer.ok) while (waiting[1]?.keep === false) waiting.splice(1, 1)
  config.arrived()
  return item.keep && !answer.ok ? 'refused' : ''
}

/** What the author of an edit saw when they made the next one of the same setting is their own. */
function rebase (item, answer) {
  const mine = new URLSearchParams(item.command.body)
  if (!mine.has('from')) return
  for (const other of waiting.slice(1)) {
    const body = new URLSearchParams(other.command?.body)
    if (!other.keep || about(body) !== about(mine) || body.get('from') !== mine.get('from')) continue
    const shown = mine.has('path') && [...answer.querySelectorAll('form')].find((form) => form.elements.from && about(new URLSearchParams(new FormData(form))) === about(mine))
    body.set('from', shown ? shown.elements.from.value : JSON.stringify(mine.get('value')))
    other.command.body = body.toString()
    keep(builder(), other.command)
  }
}

/** Which setting a form is of. A label is edited in the form and in the panel. */
function about (body) {
  const setting = body.get('setting') ?? (body.has('choice') ? 'choice' : 'label')
  return [body.get('path'), setting, body.get('choice')].join('\n')
}

function address (item, answer) {
  const to = item.url ?? answer.headers.get('HX-Replace-Url')
  if (!to || item.back || item.quiet && !item.replace) return
  const same = new URL(to, location.href).href === location.href
  history[item.url && !item.replace && !same ? 'pushState' : 'replaceState'](null, '', to)
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
function goOn () { if (waiting.length) run() }
addEventListener('online', goOn)
addEventListener('focus', goOn)
document.addEventListener('visibilitychange', () => { if (!document.hidden) goOn() })
document.addEventListener('click', (event) => { if (event.target.closest('[data-again]')) goOn() })
addEventListener('beforeunload', (event) => {
  if (waiting.some((item) => item.keep && !item.kept)) event.preventDefault()
})
