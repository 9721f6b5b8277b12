import { crc32, joined } from './bytes'

export interface Entry {
  readonly name: string
  readonly content: Uint8Array
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const UTF8_NAMES = 0x0800
const FIRST_DAY = 0x21 // 1 January 1980: the same files are the same archive

/** Files as one, as they are: pictures do not become smaller. Names that come again are numbered. */
export function zip(files: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const list: Uint8Array[] = []
  let at = 0
  for (const { name, content } of numbered(files)) {
    const letters = new TextEncoder().encode(name)
    const facts = [UTF8_NAMES, 0, 0, FIRST_DAY] // flags, method, time, day
    const sizes = [crc32(content), content.length, content.length]
    const local = [...words(LOCAL), ...halves(10, ...facts), ...words(...sizes), ...halves(letters.length, 0)]
    const central = [
      ...words(CENTRAL), ...halves(10, 10, ...facts), ...words(...sizes), ...halves(letters.length, 0, 0, 0, 0), ...words(0, at),
    ]
    parts.push(Uint8Array.from(local), letters, content)
    list.push(Uint8Array.from(central), letters)
    at += local.length + letters.length + content.length
  }
  const listed = list.reduce((sum, part) => sum + part.length, 0)
  const end = [...words(END), ...halves(0, 0, files.length, files.length), ...words(listed, at), ...halves(0)]
  return joined([...parts, ...list, Uint8Array.from(end)])
}

function numbered(files: readonly Entry[]): Entry[] {
  const seen = new Map<string, number>()
  return files.map(({ name, content }) => {
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    return { name: nth === 1 ? name : name.replace(/(\.\w+)?$/, `-${nth}$1`), content }
  })
}

function halves(...numbers: number[]): number[] {
  return numbers.flatMap((number) => [number & 255, (number >>> 8) & 255])
}

function words(...numbers: number[]): number[] {
  return numbers.flatMap((number) => halves(number, number >>> 16))
}
