import { computed, watch, type ComputedRef } from 'vue'
import { fileDataUrl } from '../media/files'
import type { SavedPicture } from '../model/gallery'
import { pictureKey, type Picture } from '../model/picture'
import { recipeOf } from '../model/recipe'
import { recipeOnScreen } from '../model/view'
import type { FormState } from './useForm'
import type { GalleryState } from './useGallery'
import type { Generation } from './useGeneration'
import type { Generations } from './useGenerations'
import type { Navigation } from './useNavigation'

export interface OpeningInputs extends Generations {
  readonly form: FormState
  readonly gallery: GalleryState
  readonly navigation: Navigation
}

export interface Opening {
  /** Where the opened picture is among those of the view, from 1; null if it is not one of them. */
  place: ComputedRef<{ readonly position: number; readonly count: number } | null>
  open: (picture: Picture | SavedPicture) => Promise<void>
  /** Opens the picture after the opened one, or before it, by as many as it is asked for. */
  step: (by: number) => void
}

/** Opens the pictures of the view in a dialog, one after the other. */
export function useOpening({ form, gallery, navigation, ...generations }: OpeningInputs): Opening {
  const { comparison, generation, original, variations } = generations
  const shown = computed((): readonly (Picture | SavedPicture)[] => {
    switch (form.mode.value) {
      case 'gallery':
        return gallery.pictures.value
      case 'variations':
        return [...picturesOf(original), ...picturesOf(variations)]
      case 'learn':
        return picturesOf(original)
      case 'compare':
        return picturesOf(generation).flatMap((picture, index) => [picture, ...picturesOf(comparison).slice(index, index + 1)])
      default:
        return picturesOf(generation)
    }
  })
  const index = computed(() => {
    const { value: opened } = navigation.opened
    if (opened === null || opened === 'painters') return -1
    const key = pictureKey(opened)
    return shown.value.findIndex((picture) => ('source' in picture ? pictureKey(picture) : picture.key) === key)
  })

  async function open(picture: Picture | SavedPicture): Promise<void> {
    if ('source' in picture) return navigation.open({ source: picture.source, ...recipeOf(picture) })
    const file = await gallery.fileOf(picture)
    if (file) navigation.open({ source: fileDataUrl(file), ...recipeOf(picture) })
  }

  function step(by: number): void {
    const next = index.value < 0 ? undefined : shown.value[index.value + by]
    if (next) void open(next)
  }

  openLinked(navigation, shown)

  const place = computed(() => (index.value < 0 ? null : { position: index.value + 1, count: shown.value.length }))
  return { place, open, step }
}

/** Opens the picture whose link the page was opened with, once it is painted, unless another prompt was typed meanwhile. */
function openLinked({ linked, open, view }: Navigation, shown: ComputedRef<readonly (Picture | SavedPicture)[]>): void {
  if (linked === null) return
  const key = pictureKey({ ...linked, source: '' })
  const stop = watch(shown, (pictures) => {
    const found = pictures.find((picture) => pictureKey({ source: '', ...picture, painter: linked.painter }) === key)
    const isChanged = recipeOnScreen(view.value).prompt !== linked.prompt
    if (found || isChanged) stop()
    if (found && 'source' in found && !isChanged) open({ source: found.source, ...recipeOf(found) })
  })
}

function picturesOf({ data }: Generation): readonly Picture[] {
  return data.value?.pictures ?? []
}
