import { gridFields, gridFromText } from './grid'
import { learnFields, learnFromText } from './learn'
import { morphEndFromText, morphFields } from './morph'
import type { TextLookup } from './parse'
import { recipeFields, recipeFromText, tidyPrompt, type Recipe } from './recipe'
import { morphOf, type Mode, type View } from './view'

/** The views that are named by a link's parameter; what a link has beside it tells the others apart. */
const NAMED_MODES = ['gallery', 'learn'] as const

/** A view under the names that links and files give its parts. */
function viewFields(view: View): Record<string, string | number> {
  if (view.mode === 'variations' && view.center) return recipeFields(view.center)
  if (view.mode === 'morph') return morphFields(morphOf(view))
  const grid = gridFields(view.grid)
  if (view.mode === 'compare') return { ...grid, second_prompt: tidyPrompt(view.secondPrompt) }
  if (view.mode === 'learn') return { ...grid, ...learnFields(view.learn), view: view.mode }
  return view.mode === 'gallery' ? { ...grid, view: view.mode } : grid
}

/** Formats a view's link, including the `?`; nothing but defaults is an empty string. */
export function formatView(view: View): string {
  return formatQuery(viewFields(view))
}

/** Formats the link of the view that a picture is the first of. */
export function formatRecipe(recipe: Recipe): string {
  return formatQuery(recipeFields(recipe))
}

/** Formats the link of one picture: of the same view, with the picture opened over it. */
export function formatPicture(recipe: Recipe): string {
  return formatQuery({ ...recipeFields(recipe), open: 1 })
}

/** Whether a link is that of one picture. */
export function isPictureLink(link: string): boolean {
  return lookupOf(link)('open') === '1'
}

/** Reads a view from a link or a file; what it lacks is as in another view. */
export function viewFromText(text: TextLookup, other: View): View {
  const stated = recipeFromText(text)
  const recipe = { ...stated, seed: stated.seed ?? other.grid.recipe.seed }
  const to = morphEndFromText(text, recipe)
  const second = text('second_prompt') ?? null
  const mode = modeFromText(text)
  return {
    mode,
    grid: gridFromText(text, { ...recipe, variation: null }, other.grid),
    secondPrompt: second === null ? other.secondPrompt : tidyPrompt(second),
    center: recipe.variation && mode !== 'learn' ? recipe : other.center,
    morph: to ? { from: recipe, to } : other.morph,
    learn: mode === 'learn' ? learnFromText(text) : other.learn,
  }
}

function modeFromText(text: TextLookup): Mode {
  const recipe = recipeFromText(text)
  const named = NAMED_MODES.find((name) => name === text('view'))
  if (named) return named
  if (morphEndFromText(text, recipe)) return 'morph'
  if (recipe.variation) return 'variations'
  return typeof text('second_prompt') === 'string' ? 'compare' : 'paint'
}

function formatQuery(fields: Record<string, string | number>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) query.set(name, String(value))
  const text = query.toString()
  return text && `?${text}`
}

/** The text of a link's parameter. */
export function lookupOf(link: string): TextLookup {
  const query = new URLSearchParams(link)
  return (name) => query.get(name)
}
