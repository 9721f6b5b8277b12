/** One frame of an animated WebP: a file of its own, where it goes, and how long it stays. */
export interface Frame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly ms: number
  /** Whether it is painted over what is there, instead of in its place. */
  readonly blends: boolean
  /** Whether its place is empty after it. */
  readonly clears: boolean
  readonly file: Uint8Array<ArrayBuffer>
}

export interface Animation {
  readonly width: number
  readonly height: number
  readonly frames: readonly Frame[]
}

interface Chunk {
  readonly kind: string
  readonly content: Uint8Array
}

const LARGEST_SIDE = 4096
const MOST_FRAMES = 1000
const FRAME_HEAD = 16 // bytes
const HAS_ALPHA = 0x10

/** Take an animated WebP apart: few browsers let a page see single frames. Null for what is none, or damaged. */
export function readAnimation(file: Uint8Array): Animation | null {
  if (letters(file, 0) !== 'RIFF' || letters(file, 8) !== 'WEBP') return null
  const chunks = chunksOf(file.subarray(12))
  const head = chunks?.find(({ kind }) => kind === 'VP8X')?.content
  if (!chunks || !head || head.length < 10) return null
  const [width, height] = [number24(head, 4) + 1, number24(head, 7) + 1]
  const frames = chunks.filter(({ kind }) => kind === 'ANMF').map(({ content }) => readFrame(content))
  const fine = width <= LARGEST_SIDE && height <= LARGEST_SIDE && frames.length > 0 && frames.length <= MOST_FRAMES
  return fine && frames.every((frame) => frame !== null) ? { width, height, frames } : null
}

function readFrame(content: Uint8Array): Frame | null {
  if (content.length < FRAME_HEAD) return null
  const flags = content[15] ?? 0
  const [width, height] = [number24(content, 6) + 1, number24(content, 9) + 1]
  const parts = chunksOf(content.subarray(FRAME_HEAD))?.filter(({ kind }) => /^(ALPH|VP8 |VP8L)$/.test(kind))
  if (!parts || parts.length === 0 || parts.length > 2) return null
  const alpha = { kind: 'VP8X', content: Uint8Array.of(HAS_ALPHA, 0, 0, 0, ...content.subarray(6, 12)) }
  return {
    x: 2 * number24(content, 0),
    y: 2 * number24(content, 3),
    width,
    height,
    ms: number24(content, 12),
    blends: (flags & 2) === 0,
    clears: (flags & 1) === 1,
    file: fileOf(parts.length === 2 ? [alpha, ...parts] : parts),
  }
}

function chunksOf(bytes: Uint8Array): Chunk[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true)
    if (at + 8 + length > bytes.length) return null
    chunks.push({ kind: letters(bytes, at), content: bytes.subarray(at + 8, at + 8 + length) })
    at += 8 + length + (length % 2)
  }
  return chunks
}

function fileOf(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, { content }) => sum + 8 + content.length + (content.length % 2), 4)
  const file = new Uint8Array(8 + size)
  const view = new DataView(file.buffer)
  write(file, 0, 'RIFF')
  view.setUint32(4, size, true)
  write(file, 8, 'WEBP')
  let at = 12
  for (const { kind, content } of chunks) {
    write(file, at, kind)
    view.setUint32(at + 4, content.length, true)
    file.set(content, at + 8)
    at += 8 + content.length + (content.length % 2)
  }
  return file
}

function number24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
}

function letters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

function write(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index)
}
