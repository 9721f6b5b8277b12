import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import { DEFAULT_OPTIONS, type PaintOptions } from '../model/paintOptions'
import { tidyPrompt, type Recipe } from '../model/recipe'
import { recipeOnScreen, secondPromptOnScreen, withRecipeOnScreen, withSecondPrompt, type Mode } from '../model/view'
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

  return {
    mode: computed(() => view.value.mode),
    promptText: computed({
      get: () => recipeOnScreen(view.value).prompt ?? '',
      set: (prompt) => change({ prompt }),
    }),
    secondPromptText: computed({
      get: () => secondPromptOnScreen(view.value),
      set: (prompt) => (view.value = withSecondPrompt(view.value, prompt)),
    }),
    secondPrompt: computed(() => sent(secondPromptOnScreen(view.value))),
    takesPrompt,
    count: computed({
      get: () => view.value.grid.count,
      set: (count) => (view.value = { ...view.value, grid: { ...view.value.grid, count } }),
    }),
    options: computed({
      get: () => recipeOnScreen(view.value).options,
      set: (options) => change({ options }),
    }),
    recipe: computed(() => {
      const recipe = recipeOnScreen(view.value)
      const strength = takesStrength.value ? recipe.options.strength : DEFAULT_OPTIONS.strength
      return {
        ...recipe,
        prompt: sent(recipe.prompt),
        painter: promptOnly.value ? null : recipe.painter,
        options: { ...recipe.options, strength },
      }
    }),
    message: ref(''),
  }
}
