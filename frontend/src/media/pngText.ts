const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const LARGEST_FILE = 32 * 1024 * 1024 // bytes
const LONGEST_TEXT = 64 * 1024 // bytes; what is longer is nobody's prompt
const MOST_CHUNKS = 1000

/**
 * Read what a PNG says about itself: its `tEXt` and uncompressed `iTXt` chunks, before the picture or after.
 *
 * Null for what is no PNG; a damaged one tells what comes before the damage. Nothing is decompressed, so no small file
 * becomes a large one.
 */
export function readPngText(file: Uint8Array): Map<string, string> | null {
  if (file.length > LARGEST_FILE || !SIGNATURE.every((byte, index) => file[index] === byte)) return null
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const told = new Map<string, string>()
  let at = SIGNATURE.length
  for (let chunk = 0; chunk < MOST_CHUNKS && at + 12 <= file.length; chunk += 1) {
    const length = view.getUint32(at)
    const kind = latin(file.subarray(at + 4, at + 8))
    const end = at + 8 + length
    if (end + 4 > file.length || kind === 'IEND') break
    const text = length <= LONGEST_TEXT ? readChunk(kind, file.subarray(at + 8, end)) : null
    if (text && !told.has(text[0])) told.set(...text)
    at = end + 4
  }
  return told
}

function readChunk(kind: string, content: Uint8Array): [string, string] | null {
  const keyEnd = content.indexOf(0)
  if (keyEnd < 1) return null
  const key = latin(content.subarray(0, keyEnd))
  const rest = content.subarray(keyEnd + 1)
  if (kind === 'tEXt') return [key, latin(rest)]
  if (kind !== 'iTXt' || rest[0] !== 0) return null
  const languageEnd = rest.indexOf(0, 2)
  const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1)
  return translatedEnd < 0 ? null : [key, new TextDecoder().decode(rest.subarray(translatedEnd + 1))]
}

/** ISO 8859-1, which TextDecoder lacks: what it calls so is Windows's. */
function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
