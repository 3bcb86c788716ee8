// Makes dist from src: the app in parts whose names carry their hash, the page that
// loads them, the service worker that keeps them, what of the app stands on admin pages,
// and the SDK as one file for people who use it without a bundler. The same sources give
// the same bytes.
//
//   node build.mjs          writes dist
//   node build.mjs --check  fails when dist is not what the sources give

import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const dist = path.join(here, 'dist')

/** Where the server shows the app. */
const base = '/app/'

const browsers = ['chrome120', 'firefox120', 'safari16.4']

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: browsers,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' }
}

/** @param {string | Uint8Array} bytes */
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10)

/**
 * Bundles the app and its style.
 * @param {string} out
 * @returns {Promise<{script: string, style: string, preload: string[]}>} names below base
 */
async function assets (out) {
  const result = await build({
    ...common,
    entryPoints: { app: 'src/main.jsx', style: 'src/style/app.css' },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: path.join(out, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    metafile: true
  })
  const names = { script: '', style: '', preload: /** @type {string[]} */ ([]) }
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    const name = path.relative(out, path.join(here, file))
    if (output.entryPoint === 'src/style/app.css') names.style = name
    if (output.entryPoint !== 'src/main.jsx') continue
    names.script = name
    names.preload = output.imports.filter((i) => i.kind === 'import-statement').map((i) => path.relative(out, path.join(here, i.path)))
  }
  return names
}

/**
 * Bundles what stands on admin pages. Their names stay, and the browser asks for them
 * again; what they load later carries its hash.
 * @param {string} out
 */
async function studio (out) {
  await build({
    ...common,
    entryPoints: { studio: 'src/studio/studio.js', 'studio.style': 'src/studio/studio.css' },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: out,
    chunkNames: 'assets/studio-[name]-[hash]'
  })
  await rename(path.join(out, 'studio.style.css'), path.join(out, 'studio.css'))
}

/**
 * Copies what goes in as it is: icons and the manifest.
 * @param {string} out
 */
async function statics (out) {
  for (const name of await files(path.join(here, 'static'))) {
    const to = path.join(out, name)
    await mkdir(path.dirname(to), { recursive: true })
    await writeFile(to, await readFile(path.join(here, 'static', name)))
  }
}

/**
 * Writes the page.
 * @param {string} out
 * @param {{script: string, style: string, preload: string[]}} names
 */
async function page (out, names) {
  const preload = names.preload.map((name) => `<link rel="modulepreload" href="${base}${name}">`).join('\n  ')
  const html = (await readFile(path.join(here, 'src/index.html'), 'utf8'))
    .replace('%style%', base + names.style)
    .replace('%script%', base + names.script)
    .replace(/ *%preload%\n/, preload ? '  ' + preload + '\n' : '')
  await writeFile(path.join(out, 'index.html'), html)
}

/**
 * Writes the service worker, which knows by name and hash what it has to keep. Its
 * own bytes change when any of that changes, which is how browsers see a new version.
 * @param {string} out
 */
async function worker (out) {
  /** @type {Record<string, string>} */
  const keep = {}
  for (const name of await files(out)) {
    if (name === 'manifest.webmanifest') continue // the server says in it what it is called
    keep[name === 'index.html' ? base : base + name] = hash(await readFile(path.join(out, name)))
  }
  await build({
    ...common,
    entryPoints: ['src/sw.js'],
    format: 'iife',
    outfile: path.join(out, 'sw.js'),
    define: { ...common.define, KEEP: JSON.stringify(keep), VERSION: JSON.stringify(hash(JSON.stringify(keep))) }
  })
}

/** @param {string} out */
async function sdk (out) {
  await build({ ...common, entryPoints: ['../js/src/index.js'], format: 'esm', outfile: path.join(out, 'fieldstack.js') })
}

/** @param {string} out */
async function make (out) {
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const names = await assets(out)
  await statics(out)
  await page(out, names)
  await worker(out)
  // After the worker, which keeps what is there: a phone has no admin pages.
  await studio(out)
  await sdk(out)
}

/**
 * All files below a folder, by name, sorted.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function files (folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile()).map((e) => path.relative(folder, path.join(e.parentPath, e.name))).sort()
}

/** Names what in dist is not what the sources give. */
async function differences () {
  const fresh = await mkdtemp(path.join(tmpdir(), 'fieldstack-app-'))
  try {
    await make(fresh)
    const is = await files(dist).catch(() => /** @type {string[]} */ ([]))
    const should = await files(fresh)
    const found = is.filter((name) => !should.includes(name)).map((name) => name + ' should not be there')
    for (const name of should) {
      if (!is.includes(name)) found.push(name + ' is missing')
      else if (!(await readFile(path.join(dist, name))).equals(await readFile(path.join(fresh, name)))) found.push(name + ' differs')
    }
    return found
  } finally {
    await rm(fresh, { recursive: true })
  }
}

if (process.argv.includes('--check')) {
  const found = await differences()
  if (found.length) {
    console.error("client/app/dist is not what the sources give: run 'make bundle' and commit the result\n  " + found.join('\n  '))
    process.exit(1)
  }
} else {
  await make(dist)
}
