import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { DEFAULT_COUNT, tidyPrompt, type PaintParams } from '../model/link'
import { DEFAULT_OPTIONS, type PaintOptions } from '../model/paintOptions'
import type { Variation } from '../model/variation'
import type { PaintersState } from './usePainters'

export const MODE_NAMES = ['paint', 'compare', 'morph', 'gallery'] as const
/** The variations of a picture have no button of their own in the navigation. */
export type Mode = (typeof MODE_NAMES)[number] | 'variations'

/** The seed whose variations are shown, and the first of them. */
export interface VariationCenter {
  readonly seed: number
  readonly variation: Variation
}

/** The values of the page's inputs, entered or taken from a link. */
export interface FormState {
  mode: Ref<Mode>
  /** The prompts as typed. */
  promptText: Ref<string>
  secondPromptText: Ref<string>
  /** The prompts as sent: null for a painter that takes none. */
  prompt: ComputedRef<string | null>
  secondPrompt: ComputedRef<string | null>
  takesPrompt: ComputedRef<boolean>
  count: Ref<number>
  /** The options as set. */
  chosenOptions: Ref<PaintOptions>
  /** The options as sent: the default strength for a painter that takes none. */
  options: ComputedRef<PaintOptions>
  variationCenter: Ref<VariationCenter | null>
  /** The seeds of a morph's two ends. */
  morphSeeds: Ref<readonly [number, number]>
  /** A message for the user; empty for none. */
  message: Ref<string>
}

/** The form's state, initialized from a link. */
export function useForm({ painter, promptOnly }: PaintersState, link: PaintParams): FormState {
  const promptText = ref(link.prompt ?? '')
  const secondPromptText = ref('')
  const chosenOptions = shallowRef(link.options)
  const variationCenter = shallowRef(variationCenterOf(link))
  const takesPrompt = computed(() => painter.value?.takesPrompt ?? true)
  // A link is painted before the painters are loaded; its strength comes from a painter that takes one.
  const takesStrength = computed(() => painter.value?.takesStrength ?? !promptOnly.value)
  const options = computed(() => {
    return takesStrength.value ? chosenOptions.value : { ...chosenOptions.value, strength: DEFAULT_OPTIONS.strength }
  })
  return {
    mode: ref<Mode>(variationCenter.value ? 'variations' : 'paint'),
    promptText,
    secondPromptText,
    prompt: computed(() => (takesPrompt.value ? tidyPrompt(promptText.value) : null)),
    secondPrompt: computed(() => (takesPrompt.value ? tidyPrompt(secondPromptText.value) : null)),
    takesPrompt,
    count: ref(link.count ?? DEFAULT_COUNT),
    chosenOptions,
    options,
    variationCenter,
    morphSeeds: ref<readonly [number, number]>([0, 0]),
    message: ref(''),
  }
}

/** The variation that a link or a picture describes; null for a seed's own picture. */
export function variationCenterOf({ seed, variation }: Partial<PaintParams>): VariationCenter | null {
  return seed != null && variation ? { seed, variation } : null
}
