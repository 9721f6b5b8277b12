import { inject, provide, type InjectionKey } from 'vue'
import { formatPicture } from '../model/link'
import type { Recipe } from '../model/recipe'
import { useCorrections } from './useCorrections'
import { useForm, type FormState } from './useForm'
import { useGallery, type GalleryState } from './useGallery'
import { useGenerate, type GenerateActions } from './useGenerate'
import { useGenerations, type Generations } from './useGenerations'
import { useKeys, type Keys } from './useKeys'
import { useLearn, type LearnState } from './useLearn'
import { useMorph, type MorphState } from './useMorph'
import { useNavigation, type Navigation } from './useNavigation'
import { useOpening, type Opening } from './useOpening'
import { usePainters, type PaintersState } from './usePainters'
import { useRecorder } from './useRecorder'
import { useSeeds, type SeedsState } from './useSeeds'
import { useShow, type ShowActions } from './useShow'

const PAGE_KEY: InjectionKey<Page> = Symbol('page')

/** The state and the actions that the page's components share. */
export interface Page extends Generations {
  navigation: Navigation
  painters: PaintersState
  seeds: SeedsState
  form: FormState
  gallery: GalleryState
  keys: Keys
  learn: LearnState
  morph: MorphState
  opening: Opening
  actions: GenerateActions & ShowActions
}

export function usePage(): Page {
  const page = inject(PAGE_KEY)
  if (!page) throw new Error('no parent component provides the page')
  return page
}

/** Creates the page's state and provides it to a component and its descendants. */
export function providePage(): Page {
  const page = newPage()
  provide(PAGE_KEY, page)
  return page
}

/** The full URL of a picture's link. */
export function linkTo(recipe: Recipe): string {
  return new URL(location.pathname + formatPicture(recipe), location.href).href
}

function newPage(): Page {
  const navigation = useNavigation()
  const painters = usePainters(navigation)
  const form = useForm(navigation, painters)
  const seeds = useSeeds(navigation)
  useCorrections(navigation, form, painters)
  const gallery = useGallery()
  const generations = useGenerations(form, seeds, painters, form.promptText.value !== '')
  const morph = useMorph(form.morph)
  const learn = useLearn(navigation, form, painters)
  const opening = useOpening({ form, gallery, navigation, ...generations })
  const { record } = useRecorder({ form, gallery, generation: generations.generation, navigation, painters })
  const actions = {
    ...useGenerate({ form, generation: generations.generation, navigation, painters, record }),
    ...useShow(navigation, form, painters),
  }
  return { navigation, painters, seeds, form, gallery, keys: useKeys(navigation.back), learn, morph, opening, ...generations, actions }
}
