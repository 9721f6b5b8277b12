import { computed } from 'vue'
import { batchSeeds } from '../model/seedBatches'
import type { FormState } from './useForm'
import { useGeneration, type Generation, type GenerationRequest } from './useGeneration'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

export interface Generations {
  generation: Generation
  /** The pictures to compare with: the same seeds, another prompt. */
  comparison: Generation
}

/**
 * Generates the pictures of the grid, and those of the second prompt to compare with.
 *
 * A link gives the prompt, so that painting need not wait for the list of painters.
 */
export function useGenerations(form: FormState, seeds: SeedsState, painters: PaintersState, fromLink: boolean): Generations {
  const { count, mode, recipe, secondPrompt, takesPrompt } = form
  const isReady = computed(() => {
    const failure = painters.request.error.value?.kind
    return fromLink || painters.request.data.value !== null || failure === 'invalid' || failure === 'rejected'
  })

  function requestFor(prompt: string | null): GenerationRequest | null {
    if (!isReady.value || prompt === '') return null
    const batches = painters.promptOnly.value
      ? [{ seed: null, count: count.value }]
      : batchSeeds(seeds.slots.value.map(({ seed }) => seed))
    return batches.map((batch) => ({ ...recipe.value, ...batch, prompt }))
  }

  const isGrid = computed(() => mode.value === 'paint' || mode.value === 'compare')
  const isPair = computed(() => mode.value === 'compare' && takesPrompt.value)
  return {
    generation: useGeneration(computed(() => (isGrid.value ? requestFor(recipe.value.prompt) : null))),
    comparison: useGeneration(computed(() => (isPair.value ? requestFor(secondPrompt.value) : null))),
  }
}
