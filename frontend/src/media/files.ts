import { kindOf, type ImageKind } from '../model/picture'
import type { Recipe } from '../model/recipe'
import { zip } from './zip'

const MAX_NAME_LENGTH = 80
const REVOKE_DELAY_MS = 60_000
const HEADER_LETTERS = 36 // 27 bytes in base64
const PNG_COLOR_TYPE_OFFSET = 25
const PNG_ALPHA_FLAG = 4
const WEBP_FIRST_BYTE = 0x52 // of "RIFF"
const WEBP_FLAGS_OFFSET = 20 // of a file with metadata
const WEBP_ALPHA_FLAG = 0x10

/** Decodes a base64 data URL; the page's content security policy forbids `fetch` to read one. */
export function dataUrlBytes(dataUrl: string): Uint8Array<ArrayBuffer> {
  const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1))
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index) // 15 times as fast as `from`
  return bytes
}

/** Encodes a PNG or a WebP as a base64 data URL. */
export function fileDataUrl(file: Uint8Array): string {
  let letters = ''
  for (const byte of file) letters += String.fromCharCode(byte) // several times as fast as `from`
  return `data:image/${kindOfFile(file)};base64,${btoa(letters)}`
}

/** Which of the two a PNG or a WebP is. */
export function kindOfFile(file: Uint8Array): ImageKind {
  return file[0] === WEBP_FIRST_BYTE ? 'webp' : 'png'
}

/** Whether the data URL of a PNG or a WebP holds an alpha channel, by its header. */
export function hasAlpha(dataUrl: string): boolean {
  const start = dataUrl.indexOf(',') + 1
  const header = atob(dataUrl.slice(start, start + HEADER_LETTERS))
  if (kindOf(dataUrl) === 'webp') return (header.charCodeAt(WEBP_FLAGS_OFFSET) & WEBP_ALPHA_FLAG) !== 0
  return (header.charCodeAt(PNG_COLOR_TYPE_OFFSET) & PNG_ALPHA_FLAG) !== 0
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

/** Offers pictures as one zip of their files, and returns its name; `sidePx`: to which they are enlarged. */
export function downloadPictures(pictures: readonly (Recipe & { content: Uint8Array })[], sidePx: number | null = null): string {
  const files = pictures.map(({ content, ...recipe }) => ({ name: pictureFileName(recipe, kindOfFile(content), sidePx), content }))
  const name = fileName(['paintings', sidePx && `${sidePx}px`], 'zip')
  downloadFile(zip(files), name, 'application/zip')
  return name
}

/** A name of a picture's file; `sidePx`: to which it is enlarged. */
export function pictureFileName({ prompt, painter, seed, variation }: Recipe, kind: ImageKind = 'png', sidePx: number | null = null): string {
  return fileName([prompt, painter, seed, variation?.subseed ?? null, sidePx && `${sidePx}px`], kind)
}

/** A file name from words: letters and digits of any script, joined by hyphens, short enough for any file system. */
export function fileName(words: readonly (string | number | null)[], extension: string): string {
  const text = words.filter((word) => word !== null && word !== '').join(' ')
  const slug = text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')
  return `${slug.slice(0, MAX_NAME_LENGTH) || 'painting'}.${extension}`
}
