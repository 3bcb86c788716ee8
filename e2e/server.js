// Starts a fieldstack of its own on a free port, on a folder that is thrown away.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { once } from 'node:events'

/**
 * Starts a new server and waits until it has printed how to set it up.
 * The program is the one that FIELDSTACK_BIN names, which scripts/test-browser builds.
 * @param {string[]} flags more of them
 * @returns {Promise<{url: string, setup: string, stop: () => Promise<void>}>}
 */
export async function startServer (flags = []) {
  const program = process.env.FIELDSTACK_BIN
  if (!program) throw new Error('FIELDSTACK_BIN names no program: run scripts/test-browser, which builds one.')
  const data = await mkdtemp(path.join(tmpdir(), 'fieldstack-e2e-'))
  const child = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...flags])
  const setup = await printedLink(child)
  return {
    url: new URL(setup).origin,
    setup,
    async stop () {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true })
    }
  }
}

function printedLink (child) {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (text) => {
      said += text
      const link = said.match(/http:\S+\/setup\?token=\S+(?=\s)/)
      if (link) resolve(link[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('error', reject)
    child.on('exit', () => reject(new Error('The server ended before it was set up; it said:\n' + said)))
  })
}
