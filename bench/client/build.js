// Bundles each engine as an app would have it, and says how large that is.

import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const here = import.meta.dirname

/** Writes the bundle of an engine to a folder and gives its size in bytes. */
export async function bundle (engine, folder) {
  const outfile = path.join(folder, engine + '.js')
  await build({
    absWorkingDir: here,
    entryPoints: [`engines/${engine}.js`],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'chrome120',
    legalComments: 'none',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' }
  })
  const text = await readFile(outfile)
  return { min: text.length, gzip: gzipSync(text, { level: 9 }).length }
}
