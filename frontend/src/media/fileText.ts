import type { TextLookup } from '../model/parse'
import { parseA1111 } from './a1111'
import { parseExifText } from './exif'
import { readPngText } from './pngText'
import { findChunk } from './webp'

/** The metadata of a picture or a morph: a PNG's text chunks, ours or AUTOMATIC1111's, or a WebP's EXIF. */
export function textOfFile(file: Uint8Array): TextLookup | null {
  const texts = readPngText(file)
  if (texts) {
    const a1111 = parseA1111(texts.get('parameters') ?? '')
    return (name) => texts.get(name) ?? a1111.get(name)
  }
  const exif = findChunk(file, 'EXIF')
  const fields = exif && parseExifText(exif)
  return fields && ((name) => fields.get(name))
}
