import { gzipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { download, downloadGzipped, sha256Of } from '../../src/browser/download'

const BASE = 'http://host/some/path/'

afterEach(() => void vi.unstubAllGlobals())

/** Serves a file in parts of two bytes; the addresses that were fetched. */
function serveFile(content: Uint8Array, status = 200): string[] {
  const addresses: string[] = []
  vi.stubGlobal('fetch', (url: URL) => {
    addresses.push(String(url))
    const parts = new ReadableStream({
      start(controller) {
        for (let start = 0; start < content.length; start += 2) controller.enqueue(content.slice(start, start + 2))
        controller.close()
      },
    })
    return Promise.resolve(new Response(parts, { status }))
  })
  return addresses
}

async function fileOf(content: Uint8Array): Promise<{ file: string; bytes: number; sha256: string }> {
  return { file: 'painters/a.painter', bytes: content.length, sha256: await sha256Of(Uint8Array.from(content)) }
}

const CONTENT = Uint8Array.of(1, 2, 3, 4, 5)

describe('download', () => {
  it('fetches a file beside the page, and reports what has arrived', async () => {
    const addresses = serveFile(CONTENT)
    const loaded: number[] = []
    expect(await download(BASE, await fileOf(CONTENT), (bytes) => loaded.push(bytes))).toEqual(CONTENT)
    expect(addresses).toEqual(['http://host/some/path/painters/a.painter'])
    expect(loaded).toEqual([2, 4, 5])
  })

  it('unpacks what is gzipped', async () => {
    const packed = gzipSync(CONTENT)
    serveFile(packed)
    expect([...(await downloadGzipped(BASE, await fileOf(packed)))]).toEqual([...CONTENT])
  })

  it.each([
    ['a byte that is another', Uint8Array.of(1, 2, 3, 4, 6)],
    ['a file that is cut off', Uint8Array.of(1, 2, 3)],
    ['a file that is longer', Uint8Array.of(1, 2, 3, 4, 5, 6)],
  ])('refuses %s', async (_, content) => {
    serveFile(content)
    await expect(download(BASE, await fileOf(CONTENT))).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('reports a file that is not there, and no connection, as unreachable', async () => {
    const file = await fileOf(CONTENT)
    serveFile(CONTENT, 404)
    await expect(download(BASE, file)).rejects.toMatchObject({ kind: 'unreachable' })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(download(BASE, file)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('hashes alike without the browser’s own implementation, which unsecure pages lack', async () => {
    const own = await sha256Of(CONTENT)
    vi.stubGlobal('crypto', {})
    expect(await sha256Of(CONTENT)).toBe(own)
    expect(own).toBe('74f81fe167d99b4cb41d6d0ccda82278caee9f3e2f25d5e5a3936ff3dcec60d0')
  })
})
