import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'

const SCOPE = 'https://host.example/a/site/'
const TEMPLATE = readFileSync('../src/painting/site/service_worker.js', 'utf8')
const FIRST = ['./', 'site.json', 'assets/page-1.js']
const ENCODER = 'encoders/graph-1.gz'

interface Event {
  readonly request?: Request
  readonly waitUntil: (work: Promise<unknown>) => void
  readonly respondWith?: (response: Promise<Response>) => void
}

/** A cache of responses by their URLs. */
class FakeCache {
  readonly responses = new Map<string, Response>()

  async match(request: Request | URL | string): Promise<Response | undefined> {
    return this.responses.get(urlOf(request))?.clone()
  }

  async put(request: Request | URL | string, response: Response): Promise<void> {
    this.responses.set(urlOf(request), response)
  }

  async add(request: Request | string): Promise<void> {
    await this.put(request, await network(new Request(request)))
  }

  async keys(): Promise<Request[]> {
    return [...this.responses.keys()].map((url) => new Request(url))
  }
}

let stores: Map<string, FakeCache>
let requests: string[]
let isOnline: boolean

function urlOf(request: Request | URL | string): string {
  return request instanceof Request ? request.url : String(request)
}

async function network(request: Request): Promise<Response> {
  if (!isOnline || request.cache === 'only-if-cached') throw new TypeError('no network')
  requests.push(request.url.replace(SCOPE, './'))
  return new Response(`${request.url} ${request.headers.get('accept') ?? ''}`)
}

const caches = {
  async open(name: string): Promise<FakeCache> {
    const cache = stores.get(name) ?? new FakeCache()
    stores.set(name, cache)
    return cache
  },
  keys: async () => [...stores.keys()],
  delete: async (name: string) => stores.delete(name),
  match: async (request: string) => (await Promise.all([...stores.values()].map((cache) => cache.match(request)))).find(Boolean),
}

/** Installs and activates a version of the worker; answers requests of the page from then on. */
async function started(version: string, savesData = false): Promise<(address: string) => Promise<Response | null>> {
  const listeners = new Map<string, (event: Event) => void>()
  const self = {
    registration: { scope: SCOPE },
    navigator: { connection: { saveData: savesData } },
    clients: { claim: async () => undefined },
    skipWaiting: async () => undefined,
    addEventListener: (name: string, listener: (event: Event) => void) => listeners.set(name, listener),
  }
  const hashed = [FIRST[2], ENCODER]
  const script = TEMPLATE.replace('%VERSION%', version).replace('%FIRST%', JSON.stringify(FIRST)).replace('%HASHED%', JSON.stringify(hashed))
  runInNewContext(script, { self, caches, fetch: network, Request, URL })
  for (const name of ['install', 'activate']) {
    const work: Promise<unknown>[] = []
    listeners.get(name)?.({ waitUntil: (promise) => work.push(promise) })
    await Promise.all(work)
  }
  return async (address) => {
    const work: Promise<unknown>[] = []
    const answers: Promise<Response>[] = []
    const request = new Request(new URL(address, SCOPE))
    listeners.get('fetch')?.({ request, waitUntil: (promise) => work.push(promise), respondWith: (response) => answers.push(response) })
    const response = (await answers[0]) ?? null
    await Promise.all(work)
    return response
  }
}

beforeEach(() => {
  stores = new Map()
  requests = []
  isOnline = true
})

describe('the service worker of a static site', () => {
  it('keeps what the first picture needs, the page as browsers get it', async () => {
    const get = await started('1')
    expect(requests).toEqual(FIRST.map((address) => (address === './' ? './' : `./${address}`)))
    isOnline = false
    expect(await (await get('./?prompt=a+rose&seed=7'))?.text()).toBe(`${SCOPE} text/html`)
    expect((await get('site.json'))?.status).toBe(200)
    expect((await get('assets/page-1.js'))?.status).toBe(200)
    await expect(get(ENCODER)).rejects.toThrow('no network')
  })

  it('keeps whatever else is loaded, once', async () => {
    const get = await started('1')
    await get(ENCODER)
    requests = []
    expect((await get(ENCODER))?.status).toBe(200)
    expect(requests).toEqual([])
  })

  it('prefers the network for what may change', async () => {
    const get = await started('1')
    requests = []
    await get('site.json')
    await get('./')
    expect(requests).toEqual(['./site.json', './'])
  })

  it('leaves to the browser what is not of the site', async () => {
    const get = await started('1')
    expect(await get('https://host.example/a/other.js')).toBeNull()
    expect(await get('v1/painters')).toBeNull()
  })

  it('takes unchanged files over from the version before, and deletes its cache but no other site’s', async () => {
    stores.set('painting https://host.example/b/ 1', new FakeCache())
    const get = await started('1')
    await get(ENCODER)
    requests = []
    const next = await started('2')
    expect(requests).toEqual(['./', './site.json'])
    expect([...stores.keys()]).toEqual(['painting https://host.example/b/ 1', `painting ${SCOPE} 2`])
    isOnline = false
    expect((await next(ENCODER))?.status).toBe(200)
  })

  it('loads nothing ahead for a visitor who saves data, but what may change', async () => {
    const get = await started('1', true)
    expect(requests).toEqual(['./', './site.json'])
    await get('assets/page-1.js')
    isOnline = false
    expect((await get('assets/page-1.js'))?.status).toBe(200)
  })
})
