// A bad network: a proxy that loses, repeats, delays and cuts.

import http from 'node:http'

export class Proxy {
  url = ''
  /** Nothing gets through. */
  cut = false
  /** So many requests still get through; then it is cut. */
  cutAfter = Infinity
  /** So many requests are delivered, and their answers lost. */
  loseAnswers = 0
  /** So many requests are delivered twice. */
  repeats = 0
  /** Streams of events are held back. */
  buffers = false
  /** Answers wait for this. @type {Promise<unknown> | undefined} */
  gate
  /** What was asked, as "GET /path". @type {string[]} */
  asked = []
  /** @type {Set<http.ServerResponse>} */
  #streams = new Set()
  #server
  #speak = () => {}
  #hold = () => {}
  /** @type {{ line: string, resolve: () => void }[]} */
  #watchers = []
  /** @type {Promise<void>} */
  #spoken = new Promise(resolve => { this.#speak = resolve })

  /** @param {string} target */
  constructor (target) {
    this.#server = http.createServer((req, res) => {
      this.#pass(target, req, res).catch(() => req.socket.destroy())
    })
  }

  /** @param {string} target */
  static async start (target) {
    const proxy = new Proxy(target)
    await new Promise(resolve => proxy.#server.listen(0, '127.0.0.1', () => resolve(undefined)))
    proxy.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (proxy.#server.address()).port}`
    return proxy
  }

  /**
   * @param {string} target
   * @param {http.IncomingMessage} req
   * @param {http.ServerResponse} res
   */
  async #pass (target, req, res) {
    const url = req.url ?? ''
    if (--this.cutAfter < 0) this.cut = true
    if (this.cut) throw new Error('no signal')
    const line = `${req.method} ${url.split('?')[0]}`
    this.asked.push(line)
    this.#watchers = this.#watchers.filter(w => w.line !== line || w.resolve())
    const body = await all(req)
    const send = () => request(target + url, req, body)
    let answer = await send()
    if (answer.headers['content-type']?.startsWith('text/event-stream')) return this.#stream(answer, res)
    let text = await all(answer)
    if (this.repeats > 0) {
      this.repeats--
      answer = await send()
      text = await all(answer)
    }
    if (this.gate) this.#hold()
    await this.gate
    if (this.loseAnswers > 0) {
      this.loseAnswers--
      throw new Error('the answer was lost')
    }
    res.writeHead(answer.statusCode ?? 500, pick(answer.headers))
    res.end(text)
  }

  /**
   * @param {http.IncomingMessage} answer
   * @param {http.ServerResponse} res
   */
  #stream (answer, res) {
    this.#streams.add(res)
    res.on('close', () => {
      this.#streams.delete(res)
      answer.destroy()
    })
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    if (!this.buffers) answer.pipe(res)
    else answer.resume()
    answer.once('data', this.#speak)
  }

  /** Holds answers back. @returns {{ held: Promise<void>, release: () => void }} held: until one is */
  hold () {
    let release = () => {}
    this.gate = new Promise(resolve => { release = () => resolve(this.gate = undefined) })
    return { held: new Promise(resolve => { this.#hold = resolve }), release }
  }

  /** Resolves when a stream that is open, or the next that is opened, has said something. */
  streamed () { return this.#spoken }

  /** How many streams are open. */
  get streams () { return this.#streams.size }

  cutStreams () {
    this.#spoken = new Promise(resolve => { this.#speak = resolve })
    for (const res of this.#streams) res.destroy()
  }

  /**
   * Resolves when that is asked the next time.
   * @param {string} line as in asked
   * @returns {Promise<void>}
   */
  next (line) { return new Promise(resolve => { this.#watchers.push({ line, resolve }) }) }

  /** @param {string} line as in asked */
  count (line) { return this.asked.filter(l => l === line).length }

  stop () {
    this.cutStreams()
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(resolve))
  }
}

/**
 * @param {string} url
 * @param {http.IncomingMessage} like
 * @param {Buffer} body
 * @returns {Promise<http.IncomingMessage>}
 */
function request (url, { method, headers }, body) {
  return new Promise((resolve, reject) => {
    const out = http.request(url, { method, headers: { ...headers, host: new URL(url).host } }, resolve)
    out.on('error', reject)
    out.end(body)
  })
}

/** @param {http.IncomingHttpHeaders} headers */
const pick = headers => Object.fromEntries(Object.entries(headers).filter(([name]) => /^content-(type|encoding)$/.test(name)))

/** @param {http.IncomingMessage} from */
async function all (from) {
  const parts = []
  for await (const part of from) parts.push(part)
  return Buffer.concat(parts)
}
