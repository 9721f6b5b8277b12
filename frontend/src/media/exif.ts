import { isRecord } from '../model/parse'

const EXIF_PREFIX = 'Exif\0\0'
const LITTLE_ENDIAN = 'II'
const IMAGE_DESCRIPTION = 0x010e
const ENTRY_BYTES = 12
const INLINE_BYTES = 4 // a value of more bytes is elsewhere, at an offset

/** Reads the JSON that the server writes into a file's EXIF description; null for any other EXIF. */
export function parseExifText(exif: Uint8Array): Map<string, string> | null {
  try {
    const fields: unknown = JSON.parse(readDescription(exif))
    if (!isRecord(fields)) return null
    return new Map(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return null // no JSON, or an offset beyond the end
  }
}

/** The description in the first directory of a TIFF structure; empty without one. */
function readDescription(exif: Uint8Array): string {
  const tiff = exif.subarray(ascii(exif, 0, EXIF_PREFIX.length) === EXIF_PREFIX ? EXIF_PREFIX.length : 0)
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = ascii(tiff, 0, LITTLE_ENDIAN.length) === LITTLE_ENDIAN
  const directory = view.getUint32(4, little)
  const count = view.getUint16(directory, little)
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * ENTRY_BYTES
    if (view.getUint16(entry, little) !== IMAGE_DESCRIPTION) continue
    const length = view.getUint32(entry + 4, little)
    const start = length > INLINE_BYTES ? view.getUint32(entry + 8, little) : entry + 8
    return ascii(tiff, start, start + length).replace(/\0+$/, '')
  }
  return ''
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return Array.from(bytes.subarray(start, end), (byte) => String.fromCharCode(byte)).join('')
}
