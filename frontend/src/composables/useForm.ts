import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import type { Morph } from '../model/morph'
import { DEFAULT_OPTIONS, type PaintOptions } from '../model/paintOptions'
import { tidyPrompt, type Recipe } from '../model/recipe'
import { morphOf, recipeOnScreen, secondPromptOnScreen, withRecipeOnScreen, withSecondPrompt, type Mode } from '../model/view'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'

/** The values of the page's inputs: parts of the view. */
export interface FormState {
  mode: ComputedRef<Mode>
  /** The prompts as typed. */
  promptText: WritableComputedRef<string>
  secondPromptText: WritableComputedRef<string>
  /** The second prompt as sent; null for a painter that takes none. */
  secondPrompt: ComputedRef<string | null>
  takesPrompt: ComputedRef<boolean>
  count: WritableComputedRef<number>
  /** The options as set. */
  options: WritableComputedRef<PaintOptions>
  /** The recipe on screen as sent: without what its painter does not take. */
  recipe: ComputedRef<Recipe>
  /** The morph on screen as sent; null without both prompts, and in other modes. */
  morph: ComputedRef<Morph | null>
  /** A message for the user; empty for none. */
  message: Ref<string>
}

export function useForm({ view }: Navigation, { painter, promptOnly }: PaintersState): FormState {
  const takesPrompt = computed(() => painter.value?.takesPrompt ?? true)
  // A link is painted before the painters are loaded; its strength comes from a painter that takes one.
  const takesStrength = computed(() => painter.value?.takesStrength ?? !promptOnly.value)
  const sent = (prompt: string | null): string | null => (takesPrompt.value ? tidyPrompt(prompt ?? '') : null)

  function change(fields: Partial<Recipe>): void {
    view.value = withRecipeOnScreen(view.value, { ...recipeOnScreen(view.value), ...fields })
  }

  const mode = computed(() => view.value.mode)
  const secondPrompt = computed(() => sent(secondPromptOnScreen(view.value)))
  const recipe = computed(() => {
    const stated = recipeOnScreen(view.value)
    const strength = takesStrength.value ? stated.options.strength : DEFAULT_OPTIONS.strength
    return {
      ...stated,
      prompt: sent(stated.prompt),
      painter: promptOnly.value ? null : stated.painter,
      options: { ...stated.options, strength },
    }
  })

  return {
    mode,
    promptText: computed({
      get: () => recipeOnScreen(view.value).prompt ?? '',
      set: (prompt) => change({ prompt }),
    }),
    secondPromptText: computed({
      get: () => secondPromptOnScreen(view.value),
      set: (prompt) => (view.value = withSecondPrompt(view.value, prompt)),
    }),
    secondPrompt,
    takesPrompt,
    count: computed({
      get: () => view.value.grid.count,
      set: (count) => (view.value = { ...view.value, grid: { ...view.value.grid, count } }),
    }),
    options: computed({
      get: () => recipeOnScreen(view.value).options,
      set: (options) => change({ options }),
    }),
    recipe,
    morph: computed(() => {
      if (mode.value !== 'morph' || recipe.value.prompt === '' || secondPrompt.value === '') return null
      return { from: recipe.value, to: { ...morphOf(view.value).to, prompt: secondPrompt.value } }
    }),
    message: ref(''),
  }
}
