import { computed, type Ref } from 'vue'
import type { PaintOptions } from '../model/paintOptions'
import { batchSeeds } from '../model/seedBatches'
import { useGeneration, type Generation, type GenerationRequest } from './useGeneration'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

export interface GenerationInputs {
  readonly painters: PaintersState
  readonly seeds: SeedsState
  readonly count: Readonly<Ref<number>>
  readonly options: Readonly<Ref<PaintOptions>>
  /** The prompt of each generation; null for a painter that takes none, undefined for a generation out of view. */
  readonly prompt: Readonly<Ref<string | null | undefined>>
  readonly secondPrompt: Readonly<Ref<string | null | undefined>>
  /** Whether a link gives the prompt, so that painting need not wait for the list of painters. */
  readonly fromLink: boolean
}

export interface Generations {
  generation: Generation
  /** The pictures to compare with: the same seeds, another prompt. */
  comparison: Generation
}

/** Generates the pictures of the grid, and those of the second prompt to compare with. */
export function useGenerations(inputs: GenerationInputs): Generations {
  const { painters, seeds, count, options, fromLink } = inputs
  const isReady = computed(() => {
    const failure = painters.request.error.value?.kind
    return fromLink || painters.request.data.value !== null || failure === 'invalid' || failure === 'rejected'
  })

  function requestFor(prompt: string | null | undefined): GenerationRequest | null {
    if (!isReady.value || prompt === '' || prompt === undefined) return null
    const promptOnly = painters.promptOnly.value
    return {
      prompt,
      batches: promptOnly ? [{ seed: null, count: count.value }] : batchSeeds(seeds.slots.value.map(({ seed }) => seed)),
      options: options.value,
      painter: promptOnly ? null : painters.chosenName.value,
    }
  }

  return {
    generation: useGeneration(computed(() => requestFor(inputs.prompt.value))),
    comparison: useGeneration(computed(() => requestFor(inputs.secondPrompt.value))),
  }
}
