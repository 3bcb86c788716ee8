// A page of its own for parts of the browser SDK: modules bundled as they are now, served
// with the policy that the server's pages have.

import { readFile } from 'node:fs/promises'
import { createServer, request as forward } from 'node:http'
import { createRequire } from 'node:module'

const sdk = new URL('../client/js/', import.meta.url)
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'"

const fromSDK = createRequire(new URL('package.json', sdk))

/**
 * Serves an empty page, and modules that it may import, by name.
 * @param {Record<string, string>} modules paths below client/js by the name they are served under
 * @param {string} [api] a server whose /api is shown below the page's own origin
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function servePage (modules, api) {
  const { build } = fromSDK('esbuild')
  const files = new Map()
  for (const [name, entry] of Object.entries(modules)) {
    const { outputFiles } = await build({
      entryPoints: [new URL(entry, sdk).pathname], bundle: true, format: 'esm', target: 'es2022', minify: true, write: false,
      jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' }, plugins: [svelte]
    })
    files.set('/' + name, outputFiles[0].contents)
  }
  const server = createServer((request, response) => {
    if (api && request.url.startsWith('/api/')) return relay(request, response, api)
    const file = files.get(request.url)
    response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', file ? 'text/javascript' : 'text/html')
    response.end(file ?? '<!doctype html><title>fieldstack</title>')
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close () { server.closeAllConnections(); server.close() } }
}

/** Compiles Svelte components, as a bundler's plugin does. */
const svelte = {
  name: 'svelte',
  setup ({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = fromSDK('svelte/compiler').compile(await readFile(path, 'utf8'), { filename: path, generate: 'client' })
      return { contents: js.code, loader: 'js' }
    })
  }
}

function relay (request, response, api) {
  const onward = forward(api + request.url, { method: request.method, headers: request.headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}
