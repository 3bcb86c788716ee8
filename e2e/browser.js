// A browser, and what is asked of every page it shows: no fault that axe finds, nothing
// that sticks out at the side, no error in the console; and pictures to look at.

import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pictures = new URL('../test-results/', import.meta.url).pathname

const widths = [360, 1280]
const schemes = ['light', 'dark']

const options = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'
  ]
}

/** Launches the browser that the machine has, with more arguments. */
export function launch (args = []) { return chromium.launch({ ...options, args: [...options.args, ...args] }) }

/** Launches it on a profile that stays when it is closed, or killed; with settings of a context. */
export function launchPersistent (profile, args = [], settings = {}) {
  return chromium.launchPersistentContext(profile, { ...options, ...settings, args: [...options.args, ...args] })
}

/** Collects what a page complains about: scripts that fail, and what the policy forbids. */
export function complaints (page) {
  const list = []
  page.on('pageerror', (error) => list.push(String(error)))
  page.on('console', (message) => {
    // An answer of 400 to a form is told to the console too, and is meant.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) list.push(message.text())
  })
  return list
}

/**
 * Holds the page to what every page must keep, in each width and scheme (these two of each unless told).
 * With FIELDSTACK_PICTURES=0 it takes no pictures, which are for people to look at.
 */
export async function look (page, name, at = widths, inSchemes = schemes) {
  const pictured = process.env.FIELDSTACK_PICTURES !== '0'
  await mkdir(pictures, { recursive: true })
  for (const width of at) {
    await page.setViewportSize({ width, height: 900 })
    for (const [i, colorScheme] of inSchemes.entries()) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      if (pictured) await page.screenshot({ path: `${pictures}${name}-${width}-${colorScheme}.png`, fullPage: true })
      await checkAxe(page, `${name}, ${width} px, ${colorScheme}`, i > 0)
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(wide <= 0, `${name} sticks out by ${wide} px at ${width} px`)
  }
}

// What another scheme can change: the colours. The rest of the page is the same elements.
const coloured = ['color-contrast', 'link-in-text-block']

async function checkAxe (page, where, onlyColours) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axeSource)
  const rules = onlyColours ? { runOnly: coloured } : {}
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, { ...rules, resultTypes: ['violations'] }), rules)
  const found = violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html + '\n    ' + n.failureSummary).join('\n  ')}`)
  assert.deepEqual(found, [], `axe on ${where}`)
}
