const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const MAX_FILE_BYTES = 32 * 1024 * 1024
const MAX_TEXT_BYTES = 64 * 1024 // far above any prompt
const MAX_CHUNKS = 1000

/**
 * Reads the `tEXt` and uncompressed `iTXt` chunks of a PNG, before the image data or after it.
 *
 * Null for a file that is not a PNG; a damaged PNG gives the chunks before the damage. Compressed chunks are skipped, so
 * that a small file cannot expand into a large one.
 */
export function readPngText(file: Uint8Array): Map<string, string> | null {
  if (file.length > MAX_FILE_BYTES || !PNG_SIGNATURE.every((byte, index) => file[index] === byte)) return null
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const texts = new Map<string, string>()
  let offset = PNG_SIGNATURE.length
  for (let chunk = 0; chunk < MAX_CHUNKS && offset + 12 <= file.length; chunk += 1) {
    const length = view.getUint32(offset)
    const type = decodeLatin1(file.subarray(offset + 4, offset + 8))
    const end = offset + 8 + length
    if (end + 4 > file.length || type === 'IEND') break
    const entry = length <= MAX_TEXT_BYTES ? parseTextChunk(type, file.subarray(offset + 8, end)) : null
    if (entry && !texts.has(entry[0])) texts.set(...entry)
    offset = end + 4
  }
  return texts
}

function parseTextChunk(type: string, content: Uint8Array): [key: string, text: string] | null {
  const keyEnd = content.indexOf(0)
  if (keyEnd < 1) return null
  const key = decodeLatin1(content.subarray(0, keyEnd))
  const rest = content.subarray(keyEnd + 1)
  if (type === 'tEXt') return [key, decodeLatin1(rest)]
  if (type !== 'iTXt' || rest[0] !== 0) return null
  const languageEnd = rest.indexOf(0, 2)
  const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1)
  return translatedEnd < 0 ? null : [key, new TextDecoder().decode(rest.subarray(translatedEnd + 1))]
}

/** Decodes ISO 8859-1, which TextDecoder cannot: under that name it decodes Windows-1252. */
function decodeLatin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
