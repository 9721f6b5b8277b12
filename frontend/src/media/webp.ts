/** One frame of an animated WebP. */
export interface AnimationFrame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly durationMs: number
  /** Whether it is alpha-blended over the canvas instead of replacing its rectangle. */
  readonly blends: boolean
  /** Whether its rectangle is cleared after it. */
  readonly disposes: boolean
  /** The frame as a still WebP file. */
  readonly file: Uint8Array<ArrayBuffer>
}

export interface Animation {
  readonly width: number
  readonly height: number
  readonly frames: readonly AnimationFrame[]
}

export interface Chunk {
  readonly type: string
  readonly content: Uint8Array
}

const MAX_SIDE_PX = 4096
const MAX_FRAMES = 1000
export const FRAME_HEADER_BYTES = 16
export const ALPHA_FLAG = 0x10
const DISPOSE_FLAG = 1
export const NO_BLEND_FLAG = 2

/** Demuxes an animated WebP, since few browsers decode single frames; null for a damaged file or another format. */
export function parseAnimation(file: Uint8Array): Animation | null {
  const chunks = parseFile(file)
  const header = chunks?.find(({ type }) => type === 'VP8X')?.content
  if (!chunks || !header || header.length < 10) return null
  const width = uint24(header, 4) + 1
  const height = uint24(header, 7) + 1
  const frames = chunks.filter(({ type }) => type === 'ANMF').map(({ content }) => parseFrame(content))
  const isValid = width <= MAX_SIDE_PX && height <= MAX_SIDE_PX && frames.length > 0 && frames.length <= MAX_FRAMES
  return isValid && frames.every((frame) => frame !== null) ? { width, height, frames } : null
}

/** The content of the first chunk of a type; null for a damaged file or another format. */
export function findChunk(file: Uint8Array, type: string): Uint8Array | null {
  return parseFile(file)?.find((chunk) => chunk.type === type)?.content ?? null
}

export function parseFile(file: Uint8Array): Chunk[] | null {
  return fourCC(file, 0) === 'RIFF' && fourCC(file, 8) === 'WEBP' ? parseChunks(file.subarray(12)) : null
}

function parseFrame(content: Uint8Array): AnimationFrame | null {
  if (content.length < FRAME_HEADER_BYTES) return null
  const flags = content[15] ?? 0
  const parts = parseChunks(content.subarray(FRAME_HEADER_BYTES))?.filter(({ type }) => /^(ALPH|VP8 |VP8L)$/.test(type))
  if (!parts || parts.length === 0 || parts.length > 2) return null
  const alphaHeader = { type: 'VP8X', content: Uint8Array.of(ALPHA_FLAG, 0, 0, 0, ...content.subarray(6, 12)) }
  return {
    x: 2 * uint24(content, 0),
    y: 2 * uint24(content, 3),
    width: uint24(content, 6) + 1,
    height: uint24(content, 9) + 1,
    durationMs: uint24(content, 12),
    blends: (flags & NO_BLEND_FLAG) === 0,
    disposes: (flags & DISPOSE_FLAG) !== 0,
    file: formatFile(parts.length === 2 ? [alphaHeader, ...parts] : parts),
  }
}

function parseChunks(bytes: Uint8Array): Chunk[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const length = view.getUint32(offset + 4, true)
    if (offset + 8 + length > bytes.length) return null
    chunks.push({ type: fourCC(bytes, offset), content: bytes.subarray(offset + 8, offset + 8 + length) })
    offset += 8 + paddedLength(length)
  }
  return chunks
}

/** A WebP file of some chunks. */
export function formatFile(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, { content }) => sum + 8 + paddedLength(content.length), 4)
  const file = new Uint8Array(8 + size)
  const view = new DataView(file.buffer)
  writeAscii(file, 0, 'RIFF')
  view.setUint32(4, size, true)
  writeAscii(file, 8, 'WEBP')
  let offset = 12
  for (const { type, content } of chunks) {
    writeAscii(file, offset, type)
    view.setUint32(offset + 4, content.length, true)
    file.set(content, offset + 8)
    offset += 8 + paddedLength(content.length)
  }
  return file
}

/** RIFF pads chunks to an even length. */
function paddedLength(length: number): number {
  return length + (length % 2)
}

function uint24(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16)
}

function fourCC(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4))
}

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) bytes[offset + index] = text.charCodeAt(index)
}
