// Starts real servers for the tests: the Go program, on free ports, on folders that are
// thrown away.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { newId } from '../src/index.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Why there is no server whose clock can be moved; false: there is one. */
export const skipClock = hasGo() ? false : 'no go here to build the server with'

/** Why there is no server to test with; false: there is one. */
export const skip = process.env.FIELDSTACK_BIN ? false : skipClock

function hasGo () {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @type {Map<string, string>} */
const built = new Map()

/**
 * A program, built once for all tests of a file.
 * @param {...string} args of go, less where it is put
 */
function build (...args) {
  const key = args.join(' ')
  let file = built.get(key)
  if (!file) {
    const folder = mkdtempSync(path.join(tmpdir(), 'fieldstack-js-bin-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    built.set(key, file = path.join(folder, 'program'))
    execFileSync('go', [...args.slice(0, -1), '-o', file, args[args.length - 1]], { cwd: root, stdio: 'inherit' })
  }
  return file
}

const program = () => process.env.FIELDSTACK_BIN ?? build('build', './cmd/fieldstack')

/**
 * Runs a subcommand to its end, and gives what it said.
 * @param {...string} args
 */
export const run = (...args) => execFileSync(program(), args, { encoding: 'utf8' })

/** The people on every server; their passwords are "of the person NAME". */
const people = { anna: 'worker', ben: 'worker' }

/** A type in which each strategy is that a person meets. */
export const orderSchema = {
  type: 'object',
  title: 'Work order',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title: { title: 'Title', type: 'string', minLength: 3, maxLength: 200 },
    status: { title: 'Status', enum: ['open', 'in_progress', 'waiting', 'done'], 'x-index': true },
    assignee: { title: 'Assigned to', type: 'string' },
    price: { title: 'Price', type: 'number' },
    cause: { title: 'Cause', type: 'string', 'x-merge': 'conflict' },
    notes: { title: 'Notes', type: 'string', contentMediaType: 'text/plain' },
    tags: { title: 'Tags', type: 'array', uniqueItems: true, items: { type: 'string' } },
    parts: { title: 'Parts', type: 'array', items: { type: 'object', properties: { part: { type: 'string' }, quantity: { type: 'integer' } } } },
    hours: { title: 'Hours', type: 'number', 'x-merge': 'counter' },
    meter: { title: 'Meter reading', type: 'number', 'x-merge': 'max' }
  }
}

/** A server with an owner, olga, and two workers, anna and ben. */
export class Server {
  url = ''
  /** @type {Record<string, string>} by name */
  tokens = {}
  #types = 0
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child

  /** @param {string} data */
  constructor (data) {
    this.data = data
  }

  /** Starts a new one. */
  static async start () {
    const server = new Server(await mkdtemp(path.join(tmpdir(), 'fieldstack-js-')))
    const said = await server.up()
    const token = new URL(said.match(/http:\S+\/setup\?token=\S+/)?.[0] ?? '').searchParams.get('token')
    await server.call('POST', '/api/_setup', { token, name: 'olga', password: 'of the person olga' })
    await server.signIn('olga')
    for (const [name, role] of Object.entries(people)) {
      await server.call('POST', '/api/_accounts', { name, role, password: 'of the person ' + name })
      await server.signIn(name)
    }
    return server
  }

  /** Starts the program on the folder, and gives what it said. */
  async up () {
    const fresh = !this.url
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0'
    const child = this.#child = spawn(program(), ['serve', '--data', this.data, '--listen', listen])
    let said = ''
    await new Promise((resolve, reject) => {
      /** @param {Buffer} text */
      const read = text => {
        said += text
        if ((fresh ? /\/setup\?token=\S+\s/ : /Data {2,}\S+\n/).test(said)) resolve(undefined)
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('exit', () => reject(new Error('The server ended: ' + said)))
    })
    this.url = said.match(/(http:\S+)\/admin/)?.[1] ?? ''
    return said
  }

  /** Ends the program; the folder stays. */
  async down () {
    if (!this.#child) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
    this.#child = undefined
  }

  async stop () {
    await this.down()
    await rm(this.data, { recursive: true, force: true })
  }

  /** @param {string} name */
  async signIn (name) {
    const { token } = await this.call('POST', '/api/_session', { identity: name, password: 'of the person ' + name })
    this.tokens[name] = token
  }

  /**
   * Calls the API as somebody at a desk, who is olga unless another name is given.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {string} [name]
   * @returns {Promise<any>}
   */
  async call (method, path, body, name = 'olga') {
    const token = this.tokens[name]
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
      body: body === undefined ? undefined : JSON.stringify(body)
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text && JSON.parse(text)
  }

  /**
   * Publishes a type, or the next version of it, and gives its name.
   * @param {object} [schema]
   * @param {string} [name]
   */
  async publish (schema = orderSchema, name = 'type-' + ++this.#types) {
    await this.call('PUT', `/api/_types/${name}/draft`, { schema })
    await this.call('POST', `/api/_types/${name}/publish`, {})
    return name
  }

  /**
   * @param {string} type
   * @param {object} value
   * @returns {Promise<string>} its id
   */
  async add (type, value) { return (await this.call('POST', '/api/' + type, { value })).id }

  /**
   * Adds many records, and gives their ids.
   * @param {string} type
   * @param {object[]} values
   * @returns {Promise<string[]>}
   */
  async addMany (type, values) {
    /** @type {string[]} */
    const ids = []
    for (let i = 0; i < values.length; i += 1000) {
      const added = values.slice(i, i + 1000).map(value => ({ id: newId(), value }))
      await this.call('POST', '/api/' + type, { added })
      ids.push(...added.map(a => a.id))
    }
    return ids
  }

  /**
   * @param {string} type
   * @param {string} id
   * @param {object} value
   */
  patch (type, id, value) { return this.call('PATCH', `/api/${type}/${id}`, { value }) }

  /**
   * @param {string} type
   * @param {string} id
   */
  get (type, id) { return this.call('GET', `/api/${type}/${id}`) }

  /**
   * Says what workers may not see and change.
   * @param {string} type
   * @param {object} worker
   */
  rules (type, worker) { return this.call('PUT', `/api/_types/${type}/rules`, { roles: { worker } }) }
}

/** A server in memory whose clock can be moved: client/serve_test.go. */
export class ClockServer extends Server {
  /** How far its clock is ahead of ours, ms. */
  ahead = 0
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */
  #child
  /** @type {import('node:readline').Interface} */
  #lines

  /** @param {import('node:child_process').ChildProcessWithoutNullStreams} child */
  constructor (child) {
    super('')
    this.#child = child
    this.#lines = createInterface(child.stdout)
  }

  static async start () {
    const server = new ClockServer(spawn(build('test', '-c', './client'), ['-test.run', '^TestServe$', '-test.timeout', '0'], { env: { ...process.env, FIELDSTACK_TEST_SERVE: '1' } }))
    server.#child.stderr.pipe(process.stderr)
    Object.assign(server, JSON.parse((await once(server.#lines, 'line'))[0]))
    return server
  }

  /** The time there, ms. */
  now = () => Date.now() + this.ahead

  /**
   * Lets days pass.
   * @param {number} days
   * @param {string} [then] "and fold": what is old by then is folded
   */
  async pass (days, then = 'and fold') {
    this.#child.stdin.write(`${days} ${then}\n`)
    await once(this.#lines, 'line')
    this.ahead += days * 86_400_000
  }

  async stop () {
    const ended = once(this.#child, 'exit')
    this.#child.stdin.end()
    await ended
  }
}
