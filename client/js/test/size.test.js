// How much a page loads for it: bundled, minified, gzipped.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * @param {RegExp} [without] what is left out of the bundle
 */
async function size (without) {
  /** @type {import('esbuild').Plugin} */
  const leave = {
    name: 'leave',
    setup (b) {
      if (without) b.onResolve({ filter: without }, ({ path, kind }) => kind === 'entry-point' ? undefined : { path, external: true })
    }
  }
  const { outputFiles } = await build({
    entryPoints: [new URL('../src/index.js', import.meta.url).pathname], bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, plugins: [leave]
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

test('the SDK is at most 45 kB', async () => {
  const got = await size()
  console.log(`${got} B`)
  assert.ok(got <= 45_000, `it is ${got} B: npx esbuild src/index.js --bundle --minify --format=esm --analyze says of what`)
})

// The aim is 30 kB. The merge to the byte, the store with its tables and a device that survives
// copies, kills and long absences are 34; this keeps them from growing meanwhile.
test('the SDK without what checks values is at most 34 kB', async () => {
  const got = await size(/\/schema\//)
  console.log(`${got} B`)
  assert.ok(got <= 34_000, `it is ${got} B`)
})
