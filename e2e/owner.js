// What the owner of a server does before and while others work: over the API, as a
// program would.

import assert from 'node:assert/strict'

export const password = 'rain on a tin roof'

/**
 * Sets a new server up and signs its owner in.
 * @param {{url: string, setup: string}} server
 */
export async function ownerOf (server) {
  let headers = {}
  const call = async (method, path, body) => {
    const answer = await fetch(server.url + '/api/' + path, {
      method, headers: { ...headers, 'content-type': 'application/json' }, body: body && JSON.stringify(body)
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : null
  }
  await call('POST', '_setup', { token: new URL(server.setup).searchParams.get('token'), name: 'olga', password })
  const { token } = await call('POST', '_session', { identity: 'olga', password })
  headers = { authorization: 'Bearer ' + token }
  return {
    call,
    /** A type's first version, or its next. */
    async publish (name, schema) {
      const had = await call('GET', `_types/${name}/draft`).catch(() => ({ rev: 0 }))
      await call('PUT', `_types/${name}/draft`, { rev: had.rev, schema })
      await call('POST', `_types/${name}/publish`, {})
    },
    /** Somebody who signs in with the same password. */
    account: (name, role = 'worker') => call('POST', '_accounts', { name, password, role }),
    /** What the server is called from now on; only the admin pages have a way to say it. */
    async name (name) {
      const session = await fetch(server.url + '/api/_session', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ identity: 'olga', password, cookie: true })
      })
      const cookie = session.headers.get('set-cookie').split(';')[0]
      const answer = await fetch(server.url + '/admin/settings', { method: 'POST', headers: { cookie }, body: new URLSearchParams({ saw: '{}', name }), redirect: 'manual' })
      assert.equal(answer.status, 303, await answer.text())
    },
    /** Many records; gives their ids. */
    async add (type, values) {
      const ids = []
      for (let i = 0; i < values.length; i += 500) {
        const { added } = await call('POST', type, { added: values.slice(i, i + 500).map((value) => ({ value })) })
        ids.push(...added.map((one) => one.id))
      }
      return ids
    }
  }
}
