import { concatBytes, crc32 } from './bytes'

export interface ZipEntry {
  readonly name: string
  readonly content: Uint8Array
}

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
const UTF8_NAMES_FLAG = 0x0800
const FIRST_DATE = 0x21 // 1 January 1980, so that the same files give the same archive

/** Stores files in a zip archive without compression, as PNGs do not shrink; repeated names are numbered. */
export function zip(files: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, content } of withUniqueNames(files)) {
    const nameBytes = new TextEncoder().encode(name)
    const settings = [UTF8_NAMES_FLAG, 0, 0, FIRST_DATE] // flags, method, time, date
    const sizes = [crc32(content), content.length, content.length]
    const local = [...uint32(LOCAL_HEADER), ...uint16(10, ...settings), ...uint32(...sizes), ...uint16(nameBytes.length, 0)]
    const central = [
      ...uint32(CENTRAL_HEADER),
      ...uint16(10, 10, ...settings),
      ...uint32(...sizes),
      ...uint16(nameBytes.length, 0, 0, 0, 0),
      ...uint32(0, offset),
    ]
    parts.push(Uint8Array.from(local), nameBytes, content)
    directory.push(Uint8Array.from(central), nameBytes)
    offset += local.length + nameBytes.length + content.length
  }
  const directorySize = directory.reduce((size, part) => size + part.length, 0)
  const counts = uint16(0, 0, files.length, files.length)
  const end = [...uint32(END_OF_DIRECTORY), ...counts, ...uint32(directorySize, offset), ...uint16(0)]
  return concatBytes([...parts, ...directory, Uint8Array.from(end)])
}

function withUniqueNames(files: readonly ZipEntry[]): ZipEntry[] {
  const counts = new Map<string, number>()
  return files.map(({ name, content }) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return { name: count === 1 ? name : name.replace(/(\.\w+)?$/, `-${count}$1`), content }
  })
}

/** Little-endian bytes of 16-bit numbers. */
function uint16(...numbers: number[]): number[] {
  return numbers.flatMap((number) => [number & 255, (number >>> 8) & 255])
}

/** Little-endian bytes of 32-bit numbers. */
function uint32(...numbers: number[]): number[] {
  return numbers.flatMap((number) => uint16(number, number >>> 16))
}
