// A page like those of the admin, for the parts of the app that stand on them: the same
// policy and style, and the bundle as it is committed.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'

const dist = new URL('../client/app/dist/', import.meta.url)
const adminStyle = new URL('../templates/static/admin.css', import.meta.url)

/** What internal/web says of every page. */
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Islands</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/admin.css"><script type="module" src="/host.js"></script></head>
<body><main><h1>An admin page</h1><div id="island"></div></main></body></html>`

/** The page's own script: tests call what the bundle exports through it. */
const host = "import * as studio from '/app/studio.js'\nglobalThis.studio = studio\n"

const kinds = { '': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * Serves the page.
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function serveIslands () {
  const server = createServer(async (request, response) => {
    const name = request.url.split('?')[0]
    const body = await bodyOf(name).catch(() => undefined)
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Security-Policy': policy, 'Content-Type': kinds[path.extname(name)] ?? 'text/plain' })
    response.end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close () { server.closeAllConnections(); server.close() } }
}

async function bodyOf (name) {
  if (name === '/') return page
  if (name === '/host.js') return host
  if (name === '/admin.css') return readFile(adminStyle)
  return name.startsWith('/app/') ? readFile(new URL(name.slice(5), dist)) : undefined
}
