import { PaintError } from '../model/errors'
import type { SiteFile } from './site'

/** Called with the bytes of a file that have arrived. */
export type OnProgress = (loadedBytes: number) => void

const OFFLINE_MESSAGE = 'A part of the painter cannot be loaded. Is the connection up?'

/** Downloads a file of the site and checks its size and its SHA-256; throws PaintError. */
export async function download(base: string, { file, bytes, sha256 }: SiteFile, onProgress: OnProgress = () => undefined): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(file, base)).catch(unreachable)
  if (!response.ok || !response.body) throw new PaintError('unreachable', OFFLINE_MESSAGE, null, response.status)
  const content = new Uint8Array(bytes)
  const reader = response.body.getReader()
  let loaded = 0
  for (;;) {
    const { done, value } = await reader.read().catch(unreachable)
    if (done) break
    if (loaded + value.length > bytes) throw damaged(file)
    content.set(value, loaded)
    loaded += value.length
    onProgress(loaded)
  }
  if (loaded !== bytes || (await sha256Of(content)) !== sha256) throw damaged(file)
  return content
}

/** Downloads a gzipped file, and unpacks it. */
export async function downloadGzipped(base: string, file: SiteFile, onProgress?: OnProgress): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = new Response(await download(base, file, onProgress))
  return new Uint8Array(await new Response(body?.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
}

/** In hexadecimal digits. Browsers lend their own implementation to secure pages alone. */
export async function sha256Of(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', content))
    : (await import('@noble/hashes/sha2.js')).sha256(content)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function damaged(file: string): PaintError {
  return new PaintError('invalid', `The file ${file} is not the one that this page was made with. Reload the page.`)
}

function unreachable(): never {
  throw new PaintError('unreachable', OFFLINE_MESSAGE)
}
