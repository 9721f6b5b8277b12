import { parseNumber, type TextLookup } from './parse'
import { parseSeed } from './seeds'

/** A variation of a seed's picture: its latent is interpolated towards that of a subseed. */
export interface Variation {
  readonly subseed: number
  /** Above 0 (the seed's own picture), up to 1 (the subseed's). */
  readonly strength: number
}

/** A variation under the names that the API, links and files give it, those of a morph's end prefixed; empty without one. */
export function variationFields(variation: Variation | null, prefix = ''): Record<string, number> {
  return variation ? { [`${prefix}subseed`]: variation.subseed, [`${prefix}subseed_strength`]: variation.strength } : {}
}

/** Reads a variation from a link or a file; null if it is missing or out of range. */
export function variationFromText(text: TextLookup): Variation | null {
  const subseed = parseSeed(text('subseed') ?? '')
  const strength = parseNumber(text('subseed_strength'), 0, 1)
  return subseed !== null && strength ? { subseed, strength } : null
}
