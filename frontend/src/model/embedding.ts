export interface EmbeddingRequest {
  readonly prompt: string
  /** Null for the default painter. */
  readonly painter: string | null
}

/** A prompt as its painter reads it: a vector of length 1. */
export interface Embedding {
  readonly numbers: readonly number[]
  /** Captions of the painter's training, the nearest first. */
  readonly nearest: readonly NearCaption[]
}

export interface NearCaption {
  readonly caption: string
  /** The cosine similarity to the prompt. */
  readonly similarity: number
}

/** A number of an embedding as a colour: its sign, and its size from 0 to 1. */
export interface Cell {
  readonly isNegative: boolean
  readonly weight: number
}

/** In standard deviations: what is further from 0 has the same colour, so that one large number does not pale the others. */
const MAX_DEVIATIONS = 2.5
const WEIGHT_STEPS = 20 // few different weights, so that hardly changed cells are not drawn again

export function cellsOf(numbers: readonly number[]): Cell[] {
  const deviation = Math.sqrt(numbers.reduce((sum, number) => sum + number ** 2, 0) / numbers.length)
  return numbers.map((number) => {
    const size = deviation === 0 ? 0 : Math.min(Math.abs(number) / (MAX_DEVIATIONS * deviation), 1)
    return { isNegative: number < 0, weight: Math.round(size * WEIGHT_STEPS) / WEIGHT_STEPS }
  })
}
