import { watch } from 'vue'
import { thumbnailOf } from '../media/images'
import { formatView } from '../model/link'
import { useDebouncedWatch } from './useDebouncedWatch'
import type { FormState } from './useForm'
import type { GalleryState } from './useGallery'
import type { Generation } from './useGeneration'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'

const RECORD_DELAY_MS = 1500
const THUMBNAIL_PX = 64
const NOT_PERSISTENT_MESSAGE = 'This browser does not store data for this page: download what you want to keep.'

export interface RecorderInputs {
  readonly form: FormState
  readonly gallery: GalleryState
  readonly generation: Generation
  readonly navigation: Navigation
  readonly painters: PaintersState
}

/** Records the grid in the history, once it stays a while or before others take its place. */
export function useRecorder({ form, gallery, generation, navigation, painters }: RecorderInputs): { record: () => void } {
  const { view } = navigation

  function record(): void {
    const { mode, grid } = view.value
    if (mode !== 'paint' && mode !== 'compare') return
    const [first] = generation.data.value?.pictures ?? []
    if (!form.recipe.value.prompt || !first || generation.error.value || generation.pending.value) return
    const recipe = { ...grid.recipe, painter: painters.painter.value?.name ?? null }
    const recorded = { ...view.value, mode: 'paint' as const, grid: { ...grid, recipe, locked: false } }
    void gallery.addToHistory(formatView(recorded), thumbnailOf(first.image, THUMBNAIL_PX))
  }

  useDebouncedWatch([view, generation.data], RECORD_DELAY_MS, record)
  watch(gallery.pictures, (pictures) => {
    if (!gallery.persistent.value && pictures.length > 0) form.message.value = NOT_PERSISTENT_MESSAGE
  })
  return { record }
}
