import { shownValues, withValue, type KnownWord } from './knownWords'
import { MAX_STRENGTH } from './paintOptions'
import { parseNumber, type TextLookup } from './parse'
import type { Recipe } from './recipe'
import { SEED_COUNT, seedAfter } from './seeds'
import { variationFields, variationFromText, type Variation } from './variation'

/** What the view Learn has beside a recipe. */
export interface Learn {
  /** The seed that the picture is on its way to; null for the seed's own picture. */
  readonly subseed: number | null
  /** How far pictures are on their way to other seeds, above 0, up to 1. */
  readonly distance: number
  /** The id of the known word that is replaced; null for the first one. */
  readonly word: string | null
}

/** A picture that differs from the one on screen in one thing. */
export interface Step {
  readonly recipe: Recipe
  /** What differs, in a word. */
  readonly label: string
  /** The same as a name of the picture. */
  readonly name: string
  /** Whether it is the one on screen. */
  readonly isCurrent: boolean
}

export const DEFAULT_LEARN: Learn = { subseed: null, distance: 0.25, word: null }
export const MAX_STEPS = 7
export const NEIGHBOUR_COUNT = MAX_STEPS - 1
const STRENGTH_STEP = MAX_STRENGTH / (MAX_STEPS - 1)

/** The variation that is on screen; null for the seed's own picture. */
export function variationOf({ subseed, distance }: Learn): Variation | null {
  return subseed === null ? null : { subseed, strength: distance }
}

/** Shows another variation, or none: then pictures stay as far from other seeds as they were. */
export function withVariation(learn: Learn, variation: Variation | null): Learn {
  return { ...learn, subseed: variation?.subseed ?? null, distance: variation?.strength ?? learn.distance }
}

/** The prompt with other words in a known word's place. */
export function wordSteps(recipe: Recipe, word: KnownWord, examples: readonly string[]): Step[] {
  return shownValues(word, examples, MAX_STEPS).map((value) => {
    const isCurrent = value === word.value
    const prompt = isCurrent ? recipe.prompt : withValue(recipe.prompt ?? '', word, value)
    return { recipe: { ...recipe, prompt }, label: value, name: prompt ?? '', isCurrent }
  })
}

/** Other prompts, for one without known words: the painter's examples, and the prompt before them if it is none. */
export function exampleSteps(recipe: Recipe, examples: readonly string[]): Step[] {
  const { prompt: own } = recipe
  const prompts = own === null || examples.includes(own) ? examples : [own, ...examples]
  return prompts.slice(0, MAX_STEPS).map((prompt) => {
    return { recipe: { ...recipe, prompt }, label: prompt, name: prompt, isCurrent: prompt === own }
  })
}

/** Strengths at equal distances, the nearest of them replaced by the recipe's own. */
export function strengthSteps(recipe: Recipe): Step[] {
  const { strength: own } = recipe.options
  const nearest = Math.round(own / STRENGTH_STEP)
  return Array.from({ length: MAX_STEPS }, (_, index) => {
    const strength = index === nearest ? own : index * STRENGTH_STEP
    const isCurrent = index === nearest
    return { recipe: { ...recipe, options: { ...recipe.options, strength } }, label: String(strength), name: `Strength ${strength}`, isCurrent }
  })
}

/** The seed's own picture, and its variations at a distance towards six other seeds; at distance 1, these themselves. */
export function seedSteps(recipe: Recipe, distance: number): Step[] {
  const seed = recipe.seed ?? 0
  const own = { recipe: { ...recipe, variation: null }, label: String(seed), name: `Seed ${seed}`, isCurrent: recipe.variation === null }
  const neighbours = Array.from({ length: NEIGHBOUR_COUNT }, (_, index) => {
    const subseed = seedAfter(firstNeighbour(recipe), index)
    const isWhole = distance >= 1
    return {
      recipe: isWhole ? { ...recipe, seed: subseed, variation: null } : { ...recipe, variation: { subseed, strength: distance } },
      label: isWhole ? String(subseed) : `${Math.round(distance * 100)}% towards ${subseed}`,
      name: isWhole ? `Seed ${subseed}` : `Seed ${seed}, ${Math.round(distance * 100)}% towards ${subseed}`,
      isCurrent: recipe.variation?.subseed === subseed,
    }
  })
  return [own, ...neighbours]
}

/** What differs from the state that a view begins with, under the names of links. */
export function learnFields(learn: Learn): Record<string, string | number> {
  const { distance, word } = learn
  return {
    ...(distance !== DEFAULT_LEARN.distance && { subseed_strength: distance }),
    ...variationFields(variationOf(learn)),
    ...(word !== null && { word }),
  }
}

/** Reads the state from a link; what is missing or invalid takes its default. */
export function learnFromText(text: TextLookup): Learn {
  const distance = parseNumber(text('subseed_strength'), 0, 1) || DEFAULT_LEARN.distance
  return { ...withVariation({ ...DEFAULT_LEARN, distance }, variationFromText(text)), word: text('word') || null }
}

/** The first of the six seeds after the recipe's own, or of a later six that has the variation's. */
function firstNeighbour({ seed, variation }: Recipe): number {
  const first = seedAfter(seed ?? 0, 1)
  const steps = variation ? (variation.subseed - first + SEED_COUNT) % SEED_COUNT : 0
  return seedAfter(first, steps - (steps % NEIGHBOUR_COUNT))
}
