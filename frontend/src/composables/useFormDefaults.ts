import { watch } from 'vue'
import type { SeedSlot } from '../model/seeds'
import type { FormState } from './useForm'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

/** Keeps the form consistent: fills in inputs on a change of mode, and corrects what the server does not offer. */
export function useFormDefaults(form: FormState, painters: PaintersState, seeds: SeedsState): void {
  const { message, mode, morphSeeds, prompt, promptText, secondPromptText, takesPrompt } = form
  const { chosenName } = painters

  watch(promptText, () => (message.value = ''))

  watch(mode, (next) => {
    const examples = painters.painter.value?.examplePrompts ?? []
    if ((next === 'morph' || next === 'compare') && secondPromptText.value === '') {
      secondPromptText.value = examples.find((example) => example !== prompt.value) ?? ''
    }
    if (next === 'morph') morphSeeds.value = morphSeedsOf(seeds.slots.value, takesPrompt.value)
  })

  watch(painters.promptOnly, (promptOnly) => {
    if (promptOnly && mode.value === 'variations') mode.value = 'paint' // its API has no variations
  })

  watch(painters.painters, (all) => {
    if (all.length === 0 || chosenName.value === null || all.some(({ name }) => name === chosenName.value)) return
    message.value = `The painter “${chosenName.value}” is not available; using ${all[0]?.name}.`
    chosenName.value = null
  })
}

/** The seeds of a morph's ends: the first two pins; with fewer of them, the same seed if there are prompts to morph. */
function morphSeedsOf(slots: readonly SeedSlot[], takesPrompt: boolean): readonly [number, number] {
  const pinned = slots.filter((slot) => slot.pinned)
  const [first, second] = [...pinned, ...slots.filter((slot) => !slot.pinned)]
  const from = first?.seed ?? 0
  return [from, takesPrompt && pinned.length < 2 ? from : (second?.seed ?? from + 1)]
}
