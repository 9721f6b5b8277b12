import { readRecipe, type Recipe } from '../model/link'
import { readPngText } from './pngText'

/** What a dropped PNG was painted from, by our own text chunks or by AUTOMATIC1111's; null where it says nothing. */
export function recipeOfPng(file: Uint8Array): Recipe | null {
  const told = readPngText(file)
  if (!told) return null
  const others = parameters(told.get('parameters') ?? '')
  const recipe = readRecipe((name) => told.get(name) ?? others.get(name))
  return recipe.prompt === null && recipe.seed === null ? null : { ...recipe, count: null }
}

/** What we call it that AUTOMATIC1111 calls otherwise. */
const NAMES = new Map([
  ['Seed', 'seed'],
  ['Model', 'painter'],
  ['Variation seed', 'subseed'],
  ['Variation seed strength', 'subseed_strength'],
])

/** `PROMPT\nSteps: 1, Seed: 7, Model: flowers, …` */
function parameters(text: string): Map<string, string> {
  const lines = text.split('\n')
  const facts = lines.length > 1 ? (lines.pop() ?? '') : ''
  const found = new Map<string, string>()
  for (const [, key = '', value] of facts.matchAll(/\s*(\w[\w ]*): ([^,]*)(?:,|$)/g)) {
    const name = NAMES.get(key)
    if (name && value) found.set(name, value)
  }
  const prompt = lines.join('\n').split('\nNegative prompt:')[0]
  if (found.size > 0 && prompt) found.set('prompt', prompt)
  return found
}
