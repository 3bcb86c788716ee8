// What the peers sync with: a server in memory for each of their protocols. Each room
// has its own copy of the first n work orders. The pages and bundles come from here too.

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { CouchRoom } from './couch.js'
import { RxRoom } from './rx.js'
import { SignalRoom } from './signal.js'
import { YjsRoom } from './yjs.js'

const kinds = { couch: CouchRoom, rxdb: RxRoom, signaldb: SignalRoom, yjs: YjsRoom }

const page = (engine) => `<!doctype html><meta charset="utf-8"><title>${engine}</title><link rel="icon" href="data:,"><script type="module">
import * as engine from '/bundle/${engine}.js'
globalThis.engine = engine</script>`

/**
 * Starts it. orders: the values, by number; bundles: the folder of the engines' bundles.
 * room(kind, name, n) makes one, which has edit(id, fields).
 */
export async function serve ({ orders, bundles }) {
  const rooms = new Map()
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response)
    } catch (error) {
      console.error(request.method, request.url, error)
      response.writeHead(500).end(String(error))
    }
  })

  async function answer (request, response) {
    const url = new URL(request.url, 'http://localhost')
    const [kind, name, ...rest] = url.pathname.slice(1).split('/')
    if (kind === 'page') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(page(name))
    if (kind === 'bundle') return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(await readFile(new URL(name, bundles)))
    const room = rooms.get(`${kind}/${name}`)
    if (!room) return response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"not_found"}')
    const body = Buffer.concat(await request.toArray())
    const { status = 200, json, bytes } = await room.answer(request.method, rest.map(decodeURIComponent), url.searchParams, body)
    const type = bytes ? 'application/octet-stream' : 'application/json'
    response.writeHead(status, { 'Content-Type': type }).end(bytes ?? JSON.stringify(json))
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    room (kind, name, n) {
      const room = new kinds[kind](orders.slice(0, n))
      rooms.set(`${kind}/${name}`, room)
      return room
    },
    forget: (kind, name) => rooms.delete(`${kind}/${name}`),
    close () {
      server.closeAllConnections()
      server.close()
    }
  }
}
