import { PLAIN, readManner, unusual, type Manner } from './manner'
import { readSeed } from './seeds'

export const FEWEST = 1
export const MOST = 16
export const USUAL_COUNT = 5
export const LONGEST_PROMPT = 500

/** How many steps lead from a picture to the one that a direction ends at. */
export const STEPS_AWAY = 8

/** A picture beside that of a seed: so many steps of `STEPS_AWAY` towards another seed's. */
export interface Towards {
  readonly seed: number
  readonly step: number
}

/** What a painting is painted from, as a link or a picture's file says it. */
export interface Recipe {
  readonly prompt: string | null
  readonly seed: number | null
  readonly painter: string | null
  readonly count: number | null
  readonly manner: Manner
  readonly towards: Towards | null
}

/** Read a link's query; what makes no sense is as if it were not there. */
export function readLink(search: string): Recipe {
  const query = new URLSearchParams(search)
  return readRecipe((name) => query.get(name))
}

export function readRecipe(told: (name: string) => string | null | undefined): Recipe {
  const count = Number(told('count') ?? NaN)
  const prompt = folded(told('prompt') ?? '').slice(0, LONGEST_PROMPT)
  return {
    prompt: prompt || null,
    seed: readSeed(told('seed') ?? ''),
    painter: told('painter')?.slice(0, 100) || null,
    count: Number.isInteger(count) && count >= FEWEST && count <= MOST ? count : null,
    manner: readManner(told),
    towards: readTowards(told('towards') ?? ''),
  }
}

/** `SEED~STEP` */
function readTowards(text: string): Towards | null {
  const [seedText = '', stepText = ''] = text.split('~')
  const [seed, step] = [readSeed(seedText), Number(stepText || NaN)]
  return seed !== null && Number.isInteger(step) && step >= 0 && step <= STEPS_AWAY ? { seed, step } : null
}

export function writeTowards({ seed, step }: Towards): string {
  return `${seed}~${step}`
}

/** The query of a link that paints it again, from `?` on; empty where there is nothing to tell. */
export function writeLink(recipe: Partial<Recipe>): string {
  const query = new URLSearchParams()
  if (recipe.prompt) query.set('prompt', recipe.prompt)
  if (recipe.seed != null) query.set('seed', String(recipe.seed))
  if (recipe.painter) query.set('painter', recipe.painter)
  if (recipe.count != null && recipe.count !== USUAL_COUNT) query.set('count', String(recipe.count))
  for (const [name, value] of Object.entries(unusual(recipe.manner ?? PLAIN))) query.set(name, String(value))
  if (recipe.towards) query.set('towards', writeTowards(recipe.towards))
  const text = query.toString()
  return text && `?${text}`
}

/** Words as the server reads them: without white space around, and with single spaces within. */
export function folded(words: string): string {
  return words.trim().replace(/\s+/gu, ' ')
}
