import { watch } from 'vue'
import type { Address } from './useAddress'
import { useDebouncedWatch } from './useDebouncedWatch'
import type { FormState } from './useForm'
import type { GalleryState } from './useGallery'
import type { Generation } from './useGeneration'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

const RECORD_DELAY_MS = 1500
const NOT_PERSISTENT_MESSAGE = 'This browser does not store data for this page: download what you want to keep.'

export interface RecorderInputs {
  readonly form: FormState
  readonly painters: PaintersState
  readonly seeds: SeedsState
  readonly generation: Generation
  readonly gallery: GalleryState
  readonly replaceAddress: Address['replaceAddress']
}

/** Records what is painted, once it stays a while: in the prompt history and in the address bar. */
export function useRecorder(inputs: RecorderInputs): { recordPrompt: () => void } {
  const { form, painters, seeds, generation, gallery } = inputs
  const { count, message, mode, options, prompt } = form

  function seedOrNull(): number | null {
    return painters.promptOnly.value ? null : seeds.first.value
  }

  function recordPrompt(): void {
    if (!prompt.value) return
    const painter = painters.painter.value?.name ?? null
    void gallery.addToHistory({ prompt: prompt.value, seed: seedOrNull(), painter })
  }

  function record(): void {
    if (!generation.data.value || generation.error.value || mode.value === 'gallery') return // a cleared history stays empty
    recordPrompt()
    if (mode.value !== 'paint') return
    inputs.replaceAddress({
      prompt: prompt.value,
      seed: seedOrNull(),
      painter: painters.chosenName.value,
      count: count.value,
      options: options.value,
    })
  }

  useDebouncedWatch(
    [prompt, seeds.first, painters.chosenName, count, options, generation.data, mode],
    RECORD_DELAY_MS,
    record,
  )
  watch(gallery.pictures, (pictures) => {
    if (!gallery.persistent.value && pictures.length > 0) message.value = NOT_PERSISTENT_MESSAGE
  })
  return { recordPrompt }
}
