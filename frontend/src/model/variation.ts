import { numberSaid } from './parse'
import { readSeed } from './seeds'

/** Where a picture lies beside that of its seed: a part of the way (above 0, to 1) to the one of another seed. */
export interface Variation {
  readonly subseed: number
  readonly strength: number
}

/** By the names that the API, links and files have; of a picture that is its seed's own there is nothing to tell. */
export function variationFields(variation: Variation | null): Record<string, number> {
  return variation ? { subseed: variation.subseed, subseed_strength: variation.strength } : {}
}

/** As a link or a file says it; null for what makes no sense. */
export function readVariation(told: (name: string) => string | null | undefined): Variation | null {
  const subseed = readSeed(told('subseed') ?? '')
  const strength = numberSaid(told('subseed_strength'), 0, 1)
  return subseed !== null && strength ? { subseed, strength } : null
}
