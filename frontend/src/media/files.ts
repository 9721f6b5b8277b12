import type { Recipe } from '../model/recipe'

const MAX_NAME_LENGTH = 80
const REVOKE_DELAY_MS = 60_000
const PNG_HEADER_LETTERS = 36 // 27 bytes in base64
const COLOR_TYPE_OFFSET = 25
const ALPHA_FLAG = 4

/** Decodes a base64 data URL; the page's content security policy forbids `fetch` to read one. */
export function dataUrlBytes(dataUrl: string): Uint8Array<ArrayBuffer> {
  const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1))
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index) // 15 times as fast as `from`
  return bytes
}

/** Encodes a PNG as a base64 data URL. */
export function pngDataUrl(file: Uint8Array): string {
  const letters = Array.from(file, (byte) => String.fromCharCode(byte))
  return `data:image/png;base64,${btoa(letters.join(''))}`
}

/** Whether the data URL of a PNG holds an alpha channel, by the colour type in its header. */
export function hasAlpha(dataUrl: string): boolean {
  const start = dataUrl.indexOf(',') + 1
  const header = atob(dataUrl.slice(start, start + PNG_HEADER_LETTERS))
  return (header.charCodeAt(COLOR_TYPE_OFFSET) & ALPHA_FLAG) !== 0
}

/** Offers a file as a download. */
export function downloadFile(content: Uint8Array<ArrayBuffer>, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  // Some browsers read the URL only once a dialog is confirmed.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_DELAY_MS)
}

export function pngName({ prompt, painter, seed, variation }: Recipe): string {
  return fileName([prompt, painter, seed, variation?.subseed ?? null], 'png')
}

/** A file name from words: letters and digits of any script, joined by hyphens, short enough for any file system. */
export function fileName(words: readonly (string | number | null)[], extension: string): string {
  const text = words.filter((word) => word !== null && word !== '').join(' ')
  const slug = text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')
  return `${slug.slice(0, MAX_NAME_LENGTH) || 'painting'}.${extension}`
}
