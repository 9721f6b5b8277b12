import type { NearCaption } from '../../model/embedding'
import { PaintError } from '../../model/errors'
import { isRecord, stringsOf } from '../../model/parse'
import { cleanText } from './cleaning'

/** What a painter's captions say; its rows are those of the captions, then those of words. */
export interface KnownCaptions {
  readonly captions: readonly string[]
  /** The content words of all captions, and synonyms of their colours. */
  readonly words: readonly string[]
  /** A prompt whose nearest caption has a smaller cosine similarity is unfamiliar. */
  readonly minCosine: number
  /** The same of a single word to its nearest row. */
  readonly minWordCosine: number
  /** Vectors of length 1. */
  readonly rows: readonly Float32Array[]
}

const NEAREST_COUNT = 3
const MAX_BYTES = 200_000 // of both members
const MAX_CAPTIONS = 4096
const MAX_WORDS = 1 << 14

/** Reads both members of a painter file; throws PaintError. */
export function parseKnownCaptions(json: string, vectors: Int8Array, width: number): KnownCaptions {
  if (new TextEncoder().encode(json).length + vectors.length > MAX_BYTES) throw broken()
  const fields = parsed(json)
  const captions = cleanTexts(fields['captions'], MAX_CAPTIONS)
  const words = cleanTexts(fields['words'], MAX_WORDS)
  const synonyms = cleanTexts(fields['synonyms'], MAX_WORDS)
  const count = vectors.length / width
  if (captions.length === 0 || !Number.isInteger(count)) throw broken()
  if (count < captions.length || count > captions.length + words.length) throw broken()
  const rows = Array.from({ length: count }, (_, row) => Float32Array.from(vectors.subarray(row * width, (row + 1) * width)))
  if (!rows.every((row) => row.some(Boolean))) throw broken()
  return {
    captions,
    words: [...words, ...synonyms],
    minCosine: cosineOf(fields['min_cosine']),
    minWordCosine: cosineOf(fields['min_word_cosine']),
    rows: rows.map(unit),
  }
}

/** Cosine similarities of a vector of any length to the rows. */
export function similarities(vector: Float32Array, rows: readonly Float32Array[]): number[] {
  const direction = unit(vector)
  return rows.map((row) => dot(row, direction))
}

/** A plain loop: the product of a vector with hundreds of rows is on the way of each key press. */
function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0)
  return sum
}

/** The captions by their similarity to a vector of any length, the nearest first. */
export function rankedCaptions(vector: Float32Array, { captions, rows }: KnownCaptions): NearCaption[] {
  const cosines = similarities(vector, rows.slice(0, captions.length))
  const all = cosines.map((similarity, index) => ({ caption: captions[index] ?? '', similarity }))
  return all.sort((one, other) => other.similarity - one.similarity)
}

/** The captions that are nearest to a vector of any length. */
export function nearestCaptions(vector: Float32Array, known: KnownCaptions): NearCaption[] {
  const nearest = rankedCaptions(vector, known).slice(0, NEAREST_COUNT)
  return nearest.map(({ caption, similarity }) => ({ caption, similarity: Number(similarity.toFixed(4)) }))
}

function parsed(json: string): Record<string, unknown> {
  try {
    const fields = JSON.parse(json) as unknown
    if (isRecord(fields)) return fields
  } catch {
    // The same sentence for what is no JSON, and for other JSON.
  }
  throw broken()
}

function cleanTexts(value: unknown, maximum: number): string[] {
  const texts = stringsOf(value)
  const isWhole = Array.isArray(value) && value.length === texts.length && texts.length <= maximum
  if (!isWhole || !texts.every((text) => text && cleanText(text).text === text)) throw broken()
  return texts
}

function cosineOf(value: unknown): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= 1)) throw broken()
  return value
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, number) => sum + number ** 2, 0))
  return vector.map((number) => number / Math.max(length, Number.MIN_VALUE))
}

function broken(): PaintError {
  return new PaintError('invalid', 'The painter’s file is broken: its captions and their vectors do not fit.')
}
