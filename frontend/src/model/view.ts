import { DEFAULT_COUNT, slotsOf, withTogglePin, type Grid } from './grid'
import { DEFAULT_LEARN, variationOf, withVariation, type Learn } from './learn'
import type { Morph } from './morph'
import { DEFAULT_OPTIONS } from './paintOptions'
import { recipeOf, type Recipe } from './recipe'
import { seedAfter } from './seeds'

export const MODE_NAMES = ['paint', 'compare', 'morph', 'learn', 'gallery'] as const
/** The variations of a picture have no button of their own in the navigation. */
export type Mode = (typeof MODE_NAMES)[number] | 'variations'

/** Whether a mode is offered: Compare by painters with prompts, all that varies seeds by servers with more than prompts. */
export function isOffered(mode: Mode, takesPrompt: boolean, promptOnly: boolean): boolean {
  if (mode === 'compare' && !takesPrompt) return false
  return !promptOnly || mode === 'paint' || mode === 'gallery'
}

/** All that the page shows, in its mode and in those to return to. */
export interface View {
  readonly mode: Mode
  readonly grid: Grid
  /** What the grid is compared with. */
  readonly secondPrompt: string
  /** The first of the variations that are shown; null before any. */
  readonly center: Recipe | null
  /** The ends of the morph; null as long as they are those of the grid. */
  readonly morph: Morph | null
  /** What is compared with the grid's first picture. */
  readonly learn: Learn
}

/** Pictures of no prompt yet, from a seed on. */
export function newView(seed: number): View {
  const recipe = { prompt: null, seed, painter: null, options: DEFAULT_OPTIONS, variation: null }
  const grid = { recipe, count: DEFAULT_COUNT, pins: new Map(), locked: false }
  return { mode: 'paint', grid, secondPrompt: '', center: null, morph: null, learn: DEFAULT_LEARN }
}

/** The ends of the morph: the grid's first two pins; with fewer of them, one seed if there are prompts to morph. */
export function morphOf({ grid, morph, secondPrompt }: View): Morph {
  if (morph) return morph
  const slots = slotsOf(grid)
  const pinned = slots.filter((slot) => slot.pinned)
  const [first, second] = [...pinned, ...slots.filter((slot) => !slot.pinned)]
  const from = first?.seed ?? 0
  const hasPrompts = grid.recipe.prompt !== null && secondPrompt !== ''
  const to = hasPrompts && pinned.length < 2 ? from : (second?.seed ?? seedAfter(from, 1))
  return { from: { ...grid.recipe, seed: from }, to: { prompt: hasPrompts ? secondPrompt : null, seed: to, variation: null } }
}

/** The recipe that the prompt and the settings on screen belong to. */
export function recipeOnScreen(view: View): Recipe {
  if (view.mode === 'variations' && view.center) return view.center
  if (view.mode === 'learn') return { ...view.grid.recipe, variation: variationOf(view.learn) }
  return view.mode === 'morph' ? morphOf(view).from : view.grid.recipe
}

export function withRecipeOnScreen(view: View, recipe: Recipe): View {
  if (view.mode === 'variations' && view.center) return { ...view, center: recipe }
  if (view.mode === 'morph') return { ...view, morph: { ...morphOf(view), from: recipe } }
  const grid = { ...view.grid, recipe: { ...recipe, variation: null } }
  return { ...view, grid, learn: view.mode === 'learn' ? withVariation(view.learn, recipe.variation) : view.learn }
}

/** The second prompt on screen: what is compared with, or morphed to. */
export function secondPromptOnScreen(view: View): string {
  return view.mode === 'morph' ? (morphOf(view).to.prompt ?? '') : view.secondPrompt
}

export function withSecondPrompt(view: View, prompt: string): View {
  if (view.mode !== 'morph') return { ...view, secondPrompt: prompt }
  const { from, to } = morphOf(view)
  return { ...view, morph: { from, to: { ...to, prompt } } }
}

/** Shows a picture again: as the first of the grid, or as the first of the variations. */
export function withPicture(view: View, picture: Recipe): View {
  const recipe = recipeOf(picture)
  if (recipe.variation) return { ...view, mode: 'variations', center: recipe }
  return { ...view, mode: 'paint', grid: { ...view.grid, recipe, pins: new Map() } }
}

/** Pins or releases a picture of the grid; two pins are the ends of the next morph. */
export function withPin(view: View, index: number): View {
  const grid = withTogglePin(view.grid, index)
  return { ...view, grid, morph: grid.pins.size < 2 ? view.morph : null }
}
