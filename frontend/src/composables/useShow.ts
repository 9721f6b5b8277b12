import { textOfFile } from '../media/fileText'
import { lookupOf, viewFromText } from '../model/link'
import { withVariation } from '../model/learn'
import { withEnd } from '../model/morph'
import { recipeFromText, recipeOf, type Recipe } from '../model/recipe'
import { randomSeed } from '../model/seeds'
import { morphOf, recipeOnScreen, withPicture, withRecipeOnScreen, type Mode, type View } from '../model/view'
import type { FormState } from './useForm'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'

const DEFAULT_VARIATION_STRENGTH = 0.25
const MAX_FILE_BYTES = 32 * 1024 * 1024

export interface ShowActions {
  showMode: (mode: Mode) => void
  /** Shows what a link describes. */
  showLink: (link: string) => void
  /** Shows what a file's metadata describes. */
  showFile: (file: File) => Promise<void>
  paintAgain: (picture: Recipe) => void
  /** Shows another recipe in the same mode. */
  showRecipe: (recipe: Recipe) => void
  showVariations: (picture: Recipe) => void
  morph: (end: 'from' | 'to', picture: Recipe) => void
}

/** The actions that show another view, each in a new entry of the browser's history. */
export function useShow(navigation: Navigation, form: FormState, painters: PaintersState): ShowActions {
  const { show, view } = navigation

  /** Fills in an example where a second prompt is needed and there is none. */
  function withSecondExample(next: View): View {
    if (next.secondPrompt !== '') return next
    const { prompt } = recipeOnScreen(next)
    const example = painters.painter.value?.examplePrompts.find((other) => other !== prompt)
    return { ...next, secondPrompt: example ?? '' }
  }

  function showMode(mode: Mode): void {
    const learn = withVariation(view.value.learn, null) // Learn begins with the grid's first picture
    show(withSecondExample({ ...view.value, mode, learn }))
  }

  async function showFile(file: File): Promise<void> {
    const bytes = file.size > MAX_FILE_BYTES ? null : await file.arrayBuffer().catch(() => null)
    const text = bytes && textOfFile(new Uint8Array(bytes))
    const { prompt, seed } = text ? recipeFromText(text) : { prompt: null, seed: null }
    if (text && (prompt !== null || seed !== null)) show(viewFromText(text, view.value))
    else form.message.value = 'This file contains no prompt or seed.'
  }

  function showVariations(picture: Recipe): void {
    const variation = { subseed: randomSeed(), strength: DEFAULT_VARIATION_STRENGTH }
    show(withPicture(view.value, { ...picture, variation }))
  }

  function morph(end: 'from' | 'to', picture: Recipe): void {
    const next = withSecondExample(view.value)
    const { from, to } = morphOf(next)
    const named = { ...from, painter: from.painter ?? painters.painters.value[0]?.name ?? null }
    show({ ...next, mode: 'morph', morph: withEnd({ from: named, to }, end, recipeOf(picture)) })
  }

  return {
    showMode,
    showLink: (link) => show(viewFromText(lookupOf(link), view.value)),
    showFile,
    showRecipe: (recipe) => show(withRecipeOnScreen(view.value, recipe)),
    paintAgain: (picture) => show(withPicture(view.value, picture)),
    showVariations,
    morph,
  }
}
