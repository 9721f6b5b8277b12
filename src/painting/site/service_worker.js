/** Service worker of a static site: it opens and paints without a network after the first visit. */
/** Of the site: the hash of all its files. */
const VERSION = '%VERSION%'
/** Addresses of what the first picture needs, relative to the page. */
const FIRST = %FIRST%
/** Addresses whose names hold the hash of their content, which never changes. */
const HASHED = %HASHED%

const PAGE = './'
const SCOPE = self.registration.scope
const PREFIX = `painting ${SCOPE} ` // several sites may share an origin, and so its caches
const CACHE = `${PREFIX}${VERSION}`

self.addEventListener('install', (event) => {
  event.waitUntil(install())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(activate())
})

self.addEventListener('fetch', (event) => {
  const address = addressOf(event.request.url)
  if (event.request.method !== 'GET' || address === null) return
  if (HASHED.includes(address)) event.respondWith(kept(event))
  else if (FIRST.includes(address)) event.respondWith(newest(event.request, address))
})

async function install() {
  const cache = await caches.open(CACHE)
  const savesData = self.navigator.connection?.saveData ?? false
  await Promise.all(FIRST.map((address) => (HASHED.includes(address) ? keep(cache, address, savesData) : refresh(cache, address))))
  await self.skipWaiting()
}

/** Keeps a file that never changes; with little data to spare, only what the page itself has requested already. */
async function keep(cache, address, savesData) {
  const url = new URL(address, SCOPE).href
  const found = await caches.match(url, { ignoreVary: true })
  if (found) return cache.put(url, found)
  if (!savesData) return cache.add(url)
  return cache.add(new Request(url, { cache: 'only-if-cached', mode: 'same-origin' })).catch(() => undefined)
}

/** Keeps the newest version of a file that may change. A server with an API tells browsers by what they accept. */
async function refresh(cache, address) {
  const headers = address === PAGE ? { Accept: 'text/html' } : {}
  return cache.add(new Request(new URL(address, SCOPE), { cache: 'no-cache', headers }))
}

/** Deletes the caches of other versions of the site, but for the files that this one has too. */
async function activate() {
  const cache = await caches.open(CACHE)
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  for (const name of names) {
    const old = await caches.open(name)
    for (const request of await old.keys()) {
      const found = HASHED.includes(addressOf(request.url)) && (await old.match(request, { ignoreVary: true }))
      if (found) await cache.put(request, found)
    }
    await caches.delete(name)
  }
  await self.clients.claim()
}

/** The network's response, or without a network the kept one; a query of the page is a view of one and the same file. */
async function newest(request, address) {
  const cache = await caches.open(CACHE)
  const find = () => cache.match(new URL(address, SCOPE), { ignoreVary: true })
  try {
    const response = await fetch(request)
    return response.status < 500 ? response : ((await find()) ?? response)
  } catch (error) {
    const found = await find()
    if (found) return found
    throw error
  }
}

/** The kept response, or the network's, which is kept while it arrives. */
async function kept(event) {
  const cache = await caches.open(CACHE)
  const found = await cache.match(event.request, { ignoreVary: true })
  if (found) return found
  const response = await fetch(event.request)
  // A full disk keeps nothing, which is no reason not to paint.
  if (response.status === 200) event.waitUntil(cache.put(event.request, response.clone()).catch(() => undefined))
  return response
}

/** A file's address, relative to the page; null for what does not belong to the site. */
function addressOf(url) {
  const { origin, pathname } = new URL(url)
  if (!`${origin}${pathname}`.startsWith(SCOPE)) return null
  const address = `${origin}${pathname}`.slice(SCOPE.length)
  return address === '' || address === 'index.html' ? PAGE : address
}
