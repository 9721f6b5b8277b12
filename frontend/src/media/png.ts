import { zlibSync } from 'fflate'
import { concatBytes, crc32 } from './bytes'

/** 8-bit pixels, row by row: RGB, or straight RGBA. */
export interface Pixels {
  readonly side: number
  readonly data: Uint8Array
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const COLOR_TYPES = new Map([[3, 2], [4, 6]]) // by channels: RGB, RGBA
const BIT_DEPTH = 8
const UP_FILTER = 2 // each byte less the one above it

/** Encodes a square picture as a PNG with text chunks. */
export function encodePng({ side, data }: Pixels, texts: Readonly<Record<string, string | number>>): Uint8Array<ArrayBuffer> {
  const channels = data.length / side ** 2
  const header = concatBytes([uint32(side), uint32(side), Uint8Array.of(BIT_DEPTH, COLOR_TYPES.get(channels) ?? 0, 0, 0, 0)])
  return concatBytes([
    SIGNATURE,
    chunk('IHDR', header),
    ...Object.entries(texts).map(([key, text]) => textChunk(key, String(text))),
    chunk('IDAT', zlibSync(filtered(data, side * channels))),
    chunk('IEND', new Uint8Array()),
  ])
}

function filtered(data: Uint8Array, rowBytes: number): Uint8Array {
  const rows = data.length / rowBytes
  const lines = new Uint8Array(data.length + rows)
  for (let row = 0; row < rows; row += 1) {
    const start = row * (rowBytes + 1)
    lines[start] = UP_FILTER
    for (let index = 0; index < rowBytes; index += 1) {
      const place = row * rowBytes + index
      lines[start + 1 + index] = (data[place] ?? 0) - (row === 0 ? 0 : (data[place - rowBytes] ?? 0))
    }
  }
  return lines
}

/** A `tEXt` chunk, whose text is ISO 8859-1, or an `iTXt` chunk for other letters. */
function textChunk(key: string, text: string): Uint8Array {
  const letters = Array.from(text, (letter) => letter.codePointAt(0) ?? 0)
  const name = new TextEncoder().encode(key)
  if (letters.every((code) => code < 256)) return chunk('tEXt', concatBytes([name, Uint8Array.of(0), Uint8Array.from(letters)]))
  return chunk('iTXt', concatBytes([name, new Uint8Array(5), new TextEncoder().encode(text)])) // uncompressed, of no language
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = concatBytes([new TextEncoder().encode(type), content])
  return concatBytes([uint32(content.length), body, uint32(crc32(body))])
}

/** Big-endian, as all numbers of a PNG are. */
function uint32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255)
}
