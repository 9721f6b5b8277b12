import type { TextLookup } from './parse'
import { recipeFields, recipeFromText, type Recipe } from './recipe'
import { seedAfter } from './seeds'
import { variationFields } from './variation'

/** What the two ends of a morph may differ in: painter and options are those of both. */
export type MorphEnd = Pick<Recipe, 'prompt' | 'seed' | 'variation'>

/** A morph from one picture to another. */
export interface Morph {
  readonly from: Recipe
  readonly to: MorphEnd
}

export type MorphKind = 'webp' | 'gif'

/** Encoding of a morph's file. */
export interface MorphFormat {
  readonly steps: number
  readonly frameMs: number
  readonly loop: 'once' | 'there-and-back'
  readonly lossless: boolean
  readonly kind: MorphKind
}

const END_PREFIX = 'to_'

/** Whether both ends are the same picture, so that there is nothing to interpolate. */
export function hasEqualEnds({ from, to }: Morph): boolean {
  return JSON.stringify(endOf(from)) === JSON.stringify(endOf(to))
}

/**
 * Replaces one end by a picture, whose painter and options become those of both.
 *
 * The other end stays, unless another painter paints it or it is the same picture: then it is the next seed's.
 */
export function withEnd({ from, to }: Morph, which: 'from' | 'to', picture: Recipe): Morph {
  const other = which === 'from' ? to : from
  const isUsable = from.painter === picture.painter && !hasEqualEnds({ from: picture, to: other })
  const kept = isUsable ? endOf(other) : { ...endOf(picture), seed: seedAfter(picture.seed ?? 0, 1), variation: null }
  return which === 'from' ? { from: picture, to: kept } : { from: { ...picture, ...kept }, to: endOf(picture) }
}

/** A morph under the names that links and files give its parts. */
export function morphFields({ from, to }: Morph): Record<string, string | number> {
  return {
    ...recipeFields(from),
    ...(to.prompt !== null && { [`${END_PREFIX}prompt`]: to.prompt }),
    [`${END_PREFIX}seed`]: to.seed ?? 0,
    ...variationFields(to.variation, END_PREFIX),
  }
}

/** Reads a morph's last picture from a link or a file: null without its seed; its prompt is by default the first's. */
export function morphEndFromText(text: TextLookup, from: Recipe): MorphEnd | null {
  const { prompt, seed, variation } = recipeFromText((name) => text(END_PREFIX + name))
  const isStated = typeof text(`${END_PREFIX}prompt`) === 'string'
  return seed === null ? null : { prompt: isStated ? prompt : from.prompt, seed, variation }
}

function endOf({ prompt, seed, variation }: MorphEnd): MorphEnd {
  return { prompt, seed, variation }
}
