import type { Picture } from '../model/picture'

/** The bytes of a data URL in base64; the page's own rules keep `fetch` from reading one. */
export function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1))
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at) // `from` takes fifteen times as long
  return bytes
}

/** Hand a file to whoever sits before the browser. */
export function save(content: Uint8Array<ArrayBuffer>, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000) // some browsers read it only when a dialog was answered
}

export function pngName({ prompt, painter, seed, variation }: Picture): string {
  return fileName([prompt, painter, seed, variation?.subseed ?? null], 'png')
}

/** A name for a file, of words: letters and digits of any script, short enough for any disk. */
export function fileName(words: readonly (string | number | null)[], ending: string): string {
  const text = words.filter((word) => word !== null && word !== '').join(' ')
  const plain = text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')
  return `${plain.slice(0, 80) || 'painting'}.${ending}`
}
