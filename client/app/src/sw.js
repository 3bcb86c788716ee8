// The service worker: keeps every file of the app on the device, under the hash of what
// is in it, and answers from there, so that the app starts with no network. It touches
// nothing outside the app's own files: never the API, whose answers the SDK keeps.

/** Every file of this version by its address, with its hash; filled in by the build.
 * @type {{[address: string]: string}} */
const keep = KEEP

/** @type {any} The global of a service worker; tsc knows only one kind of global at once. */
const worker = self

const prefix = 'fieldstack-app-'
const current = prefix + VERSION

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()))
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()))
worker.addEventListener('message', (/** @type {any} */ event) => {
  if (event.data === 'take over') worker.skipWaiting()
})
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const answer = answerTo(event.request)
  if (answer) event.respondWith(answer)
})

/** Fetches what is not here yet: a new version costs what changed. */
async function install () {
  const cache = await caches.open(current)
  await Promise.all(Object.keys(keep).map(async (address) => {
    const hashed = address.includes('/assets/')
    const here = hashed ? await caches.match(address, { ignoreVary: true }) : undefined
    if (here) return cache.put(address, here)
    const response = await fetch(new Request(address, { cache: hashed ? 'default' : 'reload' }))
    if (!response.ok) throw new Error(address + ': ' + response.status)
    return cache.put(address, response)
  }))
}

/**
 * Takes over. The version before is kept as well: tabs that began with it may still
 * ask for parts of it. What is older than that goes.
 */
async function activate () {
  const names = (await caches.keys()).filter((n) => n.startsWith(prefix) && n !== current)
  await Promise.all(names.slice(0, -1).map((n) => caches.delete(n)))
  await worker.clients.claim()
}

/**
 * The answer to a request, or nothing where it is none of ours.
 * @param {Request} request
 * @returns {Promise<Response> | undefined}
 */
function answerTo (request) {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin || !(url.pathname + '/').startsWith('/app/')) return undefined
  if (request.mode === 'navigate') return page(request)
  if (Object.hasOwn(keep, url.pathname) || url.pathname.startsWith('/app/assets/')) return kept(request, url.pathname)
  return undefined
}

/**
 * Any address of the app is its one page.
 * @param {Request} request
 */
async function page (request) {
  return await (await caches.open(current)).match('/app/') ?? fetch(request)
}

/**
 * A file of this version, or of the one before.
 * @param {Request} request
 * @param {string} address
 */
async function kept (request, address) {
  return await (await caches.open(current)).match(address, { ignoreVary: true }) ?? await caches.match(address, { ignoreVary: true }) ?? fetch(request)
}

export {}
