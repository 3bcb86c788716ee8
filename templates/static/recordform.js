// The form of a record on an admin page: the app's own, saving what differs by the API.

/**
 * Opens the form of a record, or of one that is to be made where there is no id.
 * It may begin with values that are to be looked at and saved; one that is made may have
 * its id from the page.
 * @param {HTMLElement} host what it is put into
 * @param {{type: string, id?: string, user: string, says: {[key: string]: string},
 *   begin?: {[key: string]: any}, make?: string,
 *   saved: (record: object) => unknown, closed?: () => void, focused?: (key: string) => void}} options
 * @returns {Promise<{reload: () => Promise<void>, dirty: () => boolean, focus: () => void, close: () => void}>} what is not saved when it
 *   is closed stays in this browser, and is offered the next time
 */
export async function openForm (host, { type, id, user, says, begin, make, saved, closed, focused }) {
  const [{ mountForm }, wire, record] = await Promise.all([
    import('/app/studio.js'), ask(`/api/_types/${type}`), id && ask(`/api/${type}/${id}`)
  ])
  const address = `/api/${type}` + (id ? `/${id}` : '')
  const place = document.createElement('div')
  host.replaceChildren(place)
  const form = mountForm(place, {
    type: wire, id, user, value: record?.value, problems: record?.problems, disagreements: record?.disagreements,
    lang: document.documentElement.lang, look: looks(user), begin, save
  })

  /** Sends what differs with what it was, so that the server merges it with what others did. */
  async function save ({ patch, from, picks = [] }) {
    try {
      if (!id) return done(await send('POST', address, { ...(make && { id: make }), value: patch }))
      for (const one of picks) await pick(type, id, one)
      return done(await (Object.keys(patch).length ? send('PATCH', address, { value: patch, from }) : ask(address)))
    } catch (error) {
      if (error instanceof TypeError) throw new Error(says.offline)
      if (error.status === 401) throw new Error(says.signin)
      throw error
    }
  }

  /** @param {object} now */
  function done (now) {
    setTimeout(() => saved(now)) // once the form has taken it in
    return stateOf(now)
  }

  // What has the focus inside of the form is not the page's to see; its field is.
  const keys = wire.fields.map(({ path }) => path[0])
  place.shadowRoot?.addEventListener('focusin', (event) => focused?.(keyOf(event.target.closest('[id^="f/"]'), keys)))
  return {
    async reload () {
      const now = await ask(`/api/${type}/${id}`).catch(() => null)
      if (now) form.moved(now.value, stateOf(now))
    },
    dirty: form.dirty,
    focus: () => focusFirst(place),
    close () {
      form.close()
      host.replaceChildren()
      closed?.()
    }
  }
}

/** Goes to the first field, once the form's style has come: until then it is hidden. */
function focusFirst (place, tries = 120) {
  if (!tries || !place.isConnected || place.shadowRoot?.activeElement) return
  place.shadowRoot?.querySelector('input, select, textarea')?.focus()
  requestAnimationFrame(() => focusFirst(place, tries - 1))
}

const stateOf = ({ value, problems = [], disagreements = [] }) => ({ value, problems, disagreements })

/** Settles a field of which there are several values, as the page's own button does. */
async function pick (type, id, { path, choice, seen }) {
  const body = new URLSearchParams({ path: JSON.stringify(path), choice, seen: seen.join(' ') })
  const answer = await fetch(`/admin/types/${type}/records/${id}/pick`, { method: 'POST', body, redirect: 'manual' })
  if (answer.type === 'opaqueredirect') return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  throw Object.assign(new Error(page.querySelector('main .lead')?.textContent ?? answer.statusText), { status: answer.status })
}

/** The top-level field that an element of the form belongs to: its id begins with f/KEY. */
function keyOf (element, keys) {
  const step = decodeURIComponent(element?.id.split('/')[1] ?? '')
  return keys.find((key) => step === key) ?? keys.find((key) => step.startsWith(key + '-')) ?? ''
}

/** What the form asks about other records and people. */
function looks (user) {
  const named = (record) => ({ id: record.id, label: nameOf(record.value) ?? record.id })
  return {
    me: user,
    refer: async (type, text) => {
      const query = new URLSearchParams({ limit: '20', ...(text && { search: text }) })
      const page = await ask(`/api/${type}?${query}`).catch(() => ({ documents: [] }))
      return page.documents.map(named)
    },
    named: async (type, id) => ask(`/api/${type}/${id}`).then(named, () => null)
  }
}

/** What a record is called: its first short text. */
const nameOf = (value) => Object.values(value).find((v) => typeof v === 'string' && v && v.length < 80)

async function ask (path) {
  return read(await fetch(path, { headers: { accept: 'application/json' } }))
}

async function send (method, path, body) {
  return read(await fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }))
}

async function read (answer) {
  const body = answer.status === 204 ? {} : await answer.json()
  if (answer.ok) return body
  const { message = answer.statusText, field = '', code } = body.error ?? {}
  const path = field.startsWith('/value/') ? field.slice('/value'.length) : ''
  throw Object.assign(new Error(message), { status: answer.status, problems: path && code === 'invalid' ? [{ path, rule: '', message }] : [] })
}
