// A page of its own for parts of the browser SDK: modules bundled as they are now, served
// with the policy that the server's pages have.

import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const sdk = new URL('../client/js/', import.meta.url)
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'"

/**
 * Serves an empty page, and modules that it may import, by name.
 * @param {Record<string, string>} modules paths below client/js by the name they are served under
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function servePage (modules) {
  const { build } = createRequire(new URL('package.json', sdk))('esbuild')
  const files = new Map()
  for (const [name, entry] of Object.entries(modules)) {
    const { outputFiles } = await build({
      entryPoints: [new URL(entry, sdk).pathname], bundle: true, format: 'esm', target: 'es2022', minify: true, write: false
    })
    files.set('/' + name, outputFiles[0].contents)
  }
  const server = createServer((request, response) => {
    const file = files.get(request.url)
    response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', file ? 'text/javascript' : 'text/html')
    response.end(file ?? '<!doctype html><title>fieldstack</title>')
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close () { server.closeAllConnections(); server.close() } }
}
