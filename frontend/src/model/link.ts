import { PLAIN, readManner, unusual, type Manner } from './manner'
import { readSeed } from './seeds'
import { readVariation, variationFields, type Variation } from './variation'

export const FEWEST = 1
export const MOST = 16
export const USUAL_COUNT = 5
export const LONGEST_PROMPT = 500

/** What a painting is painted from, as a link or a picture's file says it. */
export interface Recipe {
  readonly prompt: string | null
  readonly seed: number | null
  readonly painter: string | null
  readonly count: number | null
  readonly manner: Manner
  readonly variation: Variation | null
}

/** Read a link's query; what makes no sense is as if it were not there. */
export function readLink(search: string): Recipe {
  const query = new URLSearchParams(search)
  return readRecipe((name) => query.get(name))
}

export function readRecipe(told: (name: string) => string | null | undefined): Recipe {
  const count = Number(told('count') ?? NaN)
  const seed = readSeed(told('seed') ?? '')
  const prompt = folded(told('prompt') ?? '').slice(0, LONGEST_PROMPT)
  return {
    prompt: prompt || null,
    seed,
    painter: told('painter')?.slice(0, 100) || null,
    count: Number.isInteger(count) && count >= FEWEST && count <= MOST ? count : null,
    manner: readManner(told),
    variation: seed === null ? null : readVariation(told),
  }
}

/** The query of a link that paints it again, from `?` on; empty where there is nothing to tell. */
export function writeLink(recipe: Partial<Recipe>): string {
  const query = new URLSearchParams()
  if (recipe.prompt) query.set('prompt', recipe.prompt)
  if (recipe.seed != null) query.set('seed', String(recipe.seed))
  if (recipe.painter) query.set('painter', recipe.painter)
  if (recipe.count != null && recipe.count !== USUAL_COUNT) query.set('count', String(recipe.count))
  const others = { ...variationFields(recipe.variation ?? null), ...unusual(recipe.manner ?? PLAIN) }
  for (const [name, value] of Object.entries(others)) query.set(name, String(value))
  const text = query.toString()
  return text && `?${text}`
}

/** Words as the server reads them: without white space around, and with single spaces within. */
export function folded(words: string): string {
  return words.trim().replace(/\s+/gu, ' ')
}
