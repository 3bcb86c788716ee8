// What somebody did in the builder and could not send yet, kept in the browser for each
// person and type: it is sent when the builder is opened the next time. What is half
// typed is kept for the tab that it is typed in.

import { touch } from './builder-sentence.js'

/**
 * @typedef {object} Kept a command on its way
 * @property {string} id that the server makes only once
 * @property {string} action where it is sent
 * @property {string} body the form, with what its author saw
 */

const name = ({ dataset }) => `fieldstack.builder/${dataset.who}/${dataset.place}`

function read (store, key) {
  try { return JSON.parse(store.getItem(key)) ?? [] } catch { return [] }
}

/** Writes a list; false where the browser keeps nothing. */
function write (store, key, list) {
  try {
    if (list.length) store.setItem(key, JSON.stringify(list))
    else store.removeItem(key)
    return true
  } catch { return false }
}

/** Keeps a command, in the place of the one of its id. @param {Kept} command */
export function keep (builder, command) {
  const list = read(localStorage, name(builder))
  const at = list.findIndex(({ id }) => id === command.id)
  list.splice(at < 0 ? list.length : at, 1, command)
  return write(localStorage, name(builder), list)
}

/** Forgets a command that arrived, or that its author has seen refused. */
export function letGo (builder, { id }) {
  write(localStorage, name(builder), read(localStorage, name(builder)).filter((kept) => kept.id !== id))
}

/** The commands that wait, the oldest first. */
export const stillUnsent = (builder) => read(localStorage, name(builder))

// What is half typed. One form at a time: somebody types in one.

const half = 'form[data-auto], form[data-adding], form[data-adding-choice], form[data-sentence]'

/** Notes what a form holds while somebody types in it; null: it is on its way, or let go. */
export function again (form, holds) {
  const builder = document.getElementById('builder')
  const [noted] = read(sessionStorage, name(builder))
  if (!holds && noted?.mark !== mark(form)) return
  write(sessionStorage, name(builder), holds ? [{ mark: mark(form), url: location.href, body: new URLSearchParams(holds).toString() }] : [])
}

/** What tells a form from the others, by what it is about. */
function mark ({ elements }) {
  const about = elements.path ? ['path', 'setting', 'choice'] : ['kind', 'into', 'after', 'section', 'from']
  return about.map((part) => elements[part]?.value ?? '').join('\n')
}

/**
 * Offers what was half typed when this tab was left: a setting is sent, as if its author
 * had gone on; anything else stands again where it was typed.
 * @param {{send: Function, follow: Function}} ways
 */
export function offerHalfTyped ({ send, follow }) {
  const builder = document.getElementById('builder')
  let [noted] = read(sessionStorage, name(builder))
  document.addEventListener('input', ({ target }) => {
    const form = target.closest?.('#builder ' + half.replaceAll(', ', ', #builder '))
    if (form && !target.hasAttribute('data-try')) again(form, new FormData(form))
  })
  document.addEventListener('focusout', ({ target }) => {
    if (target.form && target.value === target.defaultValue) again(target.form, null)
  })
  document.addEventListener('click', ({ target }) => {
    const form = target.closest?.('#builder [data-cancel]')?.closest('form')
    if (form) again(form, null)
  })
  if (noted && location.href !== noted.url && new URL(noted.url).pathname === location.pathname) follow(noted.url, { replace: true })
  /** Puts it back once its form is there. */
  return () => {
    if (!noted) return
    const form = [...document.querySelectorAll('#builder form')].find((one) => one.matches(half) && mark(one) === noted.mark)
    if (!form) return
    const body = new URLSearchParams(noted.body)
    noted = undefined
    if (form.dataset.sentence) {
      body.set(form.dataset.sentence + '.do', 'look')
      send(form, null, {}, { body })
      touch(form)
      return
    }
    const field = form.elements.value
    if (field instanceof HTMLInputElement && field.type === 'checkbox' || field instanceof RadioNodeList) return // sent when it was chosen
    if (field.value === body.get('value')) return
    field.value = body.get('value')
    field.dispatchEvent(new Event('input', { bubbles: true }))
    if (form.hasAttribute('data-auto')) send(form, form.querySelector('button.save:not([value="try"])'), { from: body.get('from') })
    else field.focus()
  }
}
