import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseKnownCaptions, type KnownCaptions } from '../../src/browser/reading/knownCaptions'
import { parseReadingWords } from '../../src/browser/reading/promptReader'

/** What Python reads of a prompt; what stays as it was is left out. */
interface ReadingVector {
  readonly english?: false
  readonly cleaned?: string
  readonly truncated?: boolean
  readonly syntax?: [text: string, tags: string[], folded: boolean]
  readonly text?: string
  readonly notes?: string[]
  readonly nearest: [caption: number, similarity: number][]
  /** Of the bundled text encoder. */
  readonly tokens: [count: number, checksum: number, isReadable: boolean, isCut: boolean]
}

interface Vectors {
  readonly reading_words: Record<string, unknown>
  readonly captions: { readonly captions: string[] }
  readonly rows: number[]
  readonly latents: {
    readonly seed: number
    readonly count: number
    readonly truncation: number
    readonly subseed: number | null
    readonly strength: number
    readonly size: number
    readonly rows: number[][]
  }[]
  readonly between: {
    readonly start: number[]
    readonly end: number[]
    readonly positions: number[]
    readonly latents: number[][]
    readonly text_vectors: number[][]
  }[]
  readonly morphs: { readonly probes: number[][]; readonly steps: number; readonly positions: number[] }[]
  readonly readings: ReadingVector[]
}

const WIDTH = 16
const STEM_LENGTH = 4

/** A file of JSON that Python's tests have too. */
export function sharedVectors<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../tests', name), 'utf8')) as Content
}

/** Written by scripts/browser_vectors.py. */
export const VECTORS = sharedVectors<Vectors>('browser_vectors.json')
const PROMPTS = sharedVectors<string[]>('browser_prompts.json')
export const READINGS = VECTORS.readings.map((vector, index) => {
  const prompt = PROMPTS[index] ?? ''
  const { cleaned = prompt, english = true, notes = [] } = vector
  return { ...vector, prompt, cleaned, english, notes, text: vector.text ?? cleaned }
})
export const WORDS = parseReadingWords(VECTORS.reading_words)

export function fakeCaptions(): KnownCaptions {
  return parseKnownCaptions(JSON.stringify(VECTORS.captions), Int8Array.from(VECTORS.rows), WIDTH)
}

/** The fake text encoder of the vectors. */
export function encode(text: string): Promise<Float32Array> {
  const vector = new Float32Array(WIDTH)
  for (const word of text.split(' ')) {
    const letters = Array.from(word).slice(0, STEM_LENGTH)
    const number = letters.reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65536, 7)
    for (let place = 0; place < WIDTH; place += 1) vector[place] = (vector[place] ?? 0) + ((number * (place + 7)) % 101) - 50
  }
  return Promise.resolve(vector)
}

/** The entries whose value is another than the vector's. */
export function differences<Value>(found: (reading: (typeof READINGS)[number]) => Value, wanted: (reading: (typeof READINGS)[number]) => Value): unknown[] {
  const rows = READINGS.map((reading) => ({ prompt: reading.prompt, found: found(reading), wanted: wanted(reading) }))
  return rows.filter((row) => JSON.stringify(row.found) !== JSON.stringify(row.wanted))
}
