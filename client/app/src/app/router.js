// Where the person is, kept behind the # of the address: the server is never asked for
// it, so every page opens with no network, and an enrolment code in a link never
// reaches a log. Names that begin with _ are the app's own, as no type's name does.
//
//   #/                      home
//   #/work-order?q=pump     the list of a type
//   #/work-order/new        a new record
//   #/work-order/0198…      a record
//   #/_settings             settings
//   #enrol=CODE             this device gets a person's account

import { useEffect, useState } from 'preact/hooks'

/**
 * @typedef {{page: 'home' | 'settings' | 'list' | 'record', type: string, id: string, query: string}} Route
 */

/**
 * Reads the part of an address that begins with #.
 * @param {string} hash
 * @returns {Route}
 */
export function parseRoute (hash) {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s)
  const [type = '', id = ''] = path.split('/').map(decoded)
  if (type === '_settings') return { page: 'settings', type: '', id: '', query }
  if (!/^[a-z][a-z0-9-]*$/.test(type)) return { page: 'home', type: '', id: '', query }
  return { page: id ? 'record' : 'list', type, id, query }
}

/**
 * The enrolment code that an address carries: a link, or what a QR code holds, which
 * may be the code alone. Null when it is neither.
 * @param {string} text
 */
export function enrolCode (text) {
  const code = text.match(/[#&?]enrol=([^&\s]+)/)?.[1] ?? text.trim()
  return /^[A-Za-z0-9-]{4,64}$/.test(code) ? code : null
}

/** @param {string} part */
function decoded (part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** How many of the app's own pages lie behind this one. */
let depth = 0

/**
 * Notes how deep the page is: a page come to by a link is one deeper than the one before,
 * and says so from then on.
 */
function settle () {
  if (history.state?.depth === undefined) history.replaceState({ depth: depth + 1 }, '')
  depth = history.state.depth
}

/**
 * Goes to a page of the app, such as '/work-order/new'.
 * @param {string} path
 * @param {{replace?: boolean}} [options] replace: this page's place is taken, so "back" does not lead to it
 */
export function navigate (path, { replace = false } = {}) {
  if (replace) history.replaceState({ depth }, '', '#' + path)
  else history.pushState({ depth: depth + 1 }, '', '#' + path)
  dispatchEvent(new Event('route'))
}

/**
 * Goes back to the page before when that was one of the app's, else to one given.
 * @param {string} otherwise
 */
export function goBack (otherwise) {
  if (depth > 0) history.back()
  else navigate(otherwise, { replace: true })
}

/** The route, as a component sees it. */
export function useRoute () {
  const [hash, set] = useState(location.hash)
  useEffect(() => {
    if (history.state?.depth === undefined) history.replaceState({ depth: 0 }, '')
    const read = () => {
      settle()
      set(location.hash)
    }
    settle()
    const events = ['route', 'popstate', 'hashchange']
    for (const name of events) addEventListener(name, read)
    return () => events.forEach((name) => removeEventListener(name, read))
  }, [])
  return parseRoute(hash)
}
