import { computed } from 'vue'
import { firstApart } from '../model/seedBatches'
import type { FormState } from './useForm'
import { useGeneration, type Generation, type GenerationRequest } from './useGeneration'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

export const VARIATION_COUNT = 6

export interface Generations {
  /** The pictures of the grid. */
  generation: Generation
  /** The pictures to compare with: the same seeds, another prompt. */
  comparison: Generation
  /** The picture that is varied, or that Learn is about: a request of its own, so that it is not painted again with each change. */
  original: Generation
  variations: Generation
}

/**
 * Generates the pictures of every view but the morph, each as long as its view is shown.
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
      : firstApart(seeds.slots.value.map(({ seed }) => seed))
    return batches.map((batch) => ({ ...recipe.value, ...batch, prompt }))
  }

  const isGrid = computed(() => mode.value === 'paint' || mode.value === 'compare')
  const isPair = computed(() => mode.value === 'compare' && takesPrompt.value)
  const isVaried = computed(() => mode.value === 'variations' && recipe.value.prompt !== '')
  const original = computed((): GenerationRequest | null => {
    if (mode.value === 'learn' && isReady.value && recipe.value.prompt !== '') return [{ ...recipe.value, count: 1 }]
    return isVaried.value ? [{ ...recipe.value, variation: null, count: 1 }] : null
  })
  return {
    generation: useGeneration(computed(() => (isGrid.value ? requestFor(recipe.value.prompt) : null))),
    comparison: useGeneration(computed(() => (isPair.value ? requestFor(secondPrompt.value) : null))),
    original: useGeneration(original),
    variations: useGeneration(computed(() => (isVaried.value ? [{ ...recipe.value, count: VARIATION_COUNT }] : null))),
  }
}
