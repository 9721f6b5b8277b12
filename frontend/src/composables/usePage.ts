import { computed, inject, provide, type InjectionKey } from 'vue'
import { parseLink, type PaintParams } from '../model/link'
import { useAddress, type Address } from './useAddress'
import { useForm, type FormState } from './useForm'
import { useFormDefaults } from './useFormDefaults'
import { useGallery, type GalleryState } from './useGallery'
import { useGenerate, type GenerateActions } from './useGenerate'
import { useGenerations, type Generations } from './useGenerations'
import { usePainters, type PaintersState } from './usePainters'
import { useRecorder } from './useRecorder'
import { useRestore, type RestoreActions } from './useRestore'
import { useSeeds, type SeedsState } from './useSeeds'

const PAGE_KEY: InjectionKey<Page> = Symbol('page')

/** The state and the actions that the page's components share. */
export interface Page extends Generations {
  painters: PaintersState
  seeds: SeedsState
  form: FormState
  gallery: GalleryState
  actions: GenerateActions & RestoreActions & Pick<Address, 'linkTo'>
}

export function usePage(): Page {
  const page = inject(PAGE_KEY)
  if (!page) throw new Error('no parent component provides the page')
  return page
}

/** Creates the page's state and provides it to a component and its descendants. */
export function providePage(): Page {
  const page = newPage(parseLink(location.search))
  provide(PAGE_KEY, page)
  return page
}

function newPage(link: PaintParams): Page {
  const painters = usePainters()
  painters.chosenName.value = link.painter
  const form = useForm(painters, link)
  const seeds = useSeeds(form.count)
  if (link.seed !== null) seeds.first.value = link.seed
  useFormDefaults(form, painters, seeds)
  const gallery = useGallery()
  const generations = useVisibleGenerations(form, painters, seeds, link.prompt !== null)
  const { linkTo, replaceAddress } = useAddress(painters)
  const { recordPrompt } = useRecorder({ form, painters, seeds, gallery, generation: generations.generation, replaceAddress })
  const actions = {
    ...useGenerate({ form, painters, seeds, ...generations, recordPrompt }),
    ...useRestore(form, painters, seeds),
    linkTo,
  }
  return { painters, seeds, form, gallery, ...generations, actions }
}

/** The generations of the prompts that the mode shows. */
function useVisibleGenerations(
  { count, mode, options, prompt, secondPrompt, takesPrompt }: FormState,
  painters: PaintersState,
  seeds: SeedsState,
  fromLink: boolean,
): Generations {
  return useGenerations({
    painters,
    seeds,
    count,
    options,
    prompt: computed(() => (mode.value === 'paint' || mode.value === 'compare' ? prompt.value : undefined)),
    secondPrompt: computed(() => (mode.value === 'compare' && takesPrompt.value ? secondPrompt.value : undefined)),
    fromLink,
  })
}
