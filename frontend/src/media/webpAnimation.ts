import { concatBytes } from './bytes'
import { ALPHA_FLAG, formatFile, NO_BLEND_FLAG, parseFile, type Chunk } from './webp'

const ANIMATION_FLAG = 2
const IMAGE_CHUNK = /^(ALPH|VP8 |VP8L)$/

/** Joins still WebP files of one size to an animated one that repeats for ever; null if one of them is no WebP. */
export function animate(stills: readonly Uint8Array[], side: number, frameMs: number): Uint8Array<ArrayBuffer> | null {
  const frames = stills.map((still) => parseFile(still)?.filter(({ type }) => IMAGE_CHUNK.test(type)) ?? [])
  if (frames.some((chunks) => chunks.length === 0)) return null
  const size = [...uint24(side - 1), ...uint24(side - 1)]
  const header = { type: 'VP8X', content: Uint8Array.of(ANIMATION_FLAG | ALPHA_FLAG, 0, 0, 0, ...size) }
  const settings = { type: 'ANIM', content: new Uint8Array(6) } // a transparent ground, endless
  const frameHeader = Uint8Array.of(0, 0, 0, 0, 0, 0, ...size, ...uint24(frameMs), NO_BLEND_FLAG)
  return formatFile([header, settings, ...frames.map((chunks): Chunk => {
    return { type: 'ANMF', content: concatBytes([frameHeader, formatFile(chunks).subarray(12)]) }
  })])
}

/** Little-endian. */
function uint24(number: number): number[] {
  return [number & 255, (number >>> 8) & 255, (number >>> 16) & 255]
}
