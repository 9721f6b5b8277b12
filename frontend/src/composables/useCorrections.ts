import { watch } from 'vue'
import { withFirstSeed } from '../model/grid'
import { isOffered, recipeOnScreen, withRecipeOnScreen } from '../model/view'
import type { FormState } from './useForm'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'

/** Corrects a view, wherever it comes from, by what the server offers. */
export function useCorrections({ view }: Navigation, form: FormState, painters: PaintersState): void {
  watch([form.promptText, form.mode], () => (form.message.value = ''))

  watch([form.mode, form.takesPrompt, painters.promptOnly], ([mode, takesPrompt, promptOnly]) => {
    if (promptOnly) view.value = { ...view.value, grid: withFirstSeed(view.value.grid, null) }
    if (!isOffered(mode, takesPrompt, promptOnly)) view.value = { ...view.value, mode: 'paint' }
  })

  // After the watcher of the prompt, which clears the message.
  watch([painters.painters, () => recipeOnScreen(view.value).painter], ([all, name]) => {
    if (all.length === 0 || name === null || all.some((painter) => painter.name === name)) return
    form.message.value = `The painter “${name}” is not available; using ${all[0]?.name}.`
    view.value = withRecipeOnScreen(view.value, { ...recipeOnScreen(view.value), painter: null })
  })
}
