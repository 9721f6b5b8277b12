import { computed, inject, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { paramsFromPng } from '../media/pngParams'
import { defaultExample } from '../model/examples'
import { collapseWhitespace, DEFAULT_COUNT, formatLink, parseLink, type PaintParams } from '../model/link'
import { DEFAULT_OPTIONS, type PaintOptions } from '../model/paintOptions'
import { randomSeed } from '../model/seeds'
import type { Variation } from '../model/variation'
import type { Picture } from '../model/picture'
import { useDebouncedWatch } from './useDebouncedWatch'
import { useGallery, type GalleryState } from './useGallery'
import { useGenerations, type Generations } from './useGenerations'
import { usePainters, type PaintersState } from './usePainters'
import { useSeeds, type SeedsState } from './useSeeds'

export const MODE_NAMES = ['paint', 'compare', 'morph', 'gallery'] as const
export type Mode = (typeof MODE_NAMES)[number] | 'variations'

const PAGE_KEY: InjectionKey<Page> = Symbol('page')
const DEFAULT_VARIATION_STRENGTH = 0.25
const RECORD_DELAY_MS = 1500
const MAX_FILE_BYTES = 32 * 1024 * 1024
const NOT_PERSISTENT = 'This browser lets the page keep nothing for long: download what you like.'

/** The seed whose variations are shown, and the first of them. */
export interface VariationCenter {
  readonly seed: number
  readonly variation: Variation
}

/** The values of the page's inputs, entered or taken from a link. */
interface FormState {
  painters: PaintersState
  seeds: SeedsState
  mode: Ref<Mode>
  promptText: Ref<string>
  secondPromptText: Ref<string>
  count: Ref<number>
  /** The options as set, and as the painter takes them: one that takes no strength gets the default. */
  chosenOptions: Ref<PaintOptions>
  options: ComputedRef<PaintOptions>
  /** The prompts as they are sent; null for a painter that takes none. */
  prompt: ComputedRef<string | null>
  secondPrompt: ComputedRef<string | null>
  takesPrompt: ComputedRef<boolean>
  takesStrength: ComputedRef<boolean>
  variationCenter: Ref<VariationCenter | null>
  /** The seeds of a morph's two ends. */
  morphSeeds: Ref<readonly [number, number]>
  /** A message for the user; empty for none. */
  notice: Ref<string>
}

/** The state and the actions that the page's components share. */
export interface Page extends FormState, Generations {
  gallery: GalleryState
  generate: () => void
  choosePainter: (name: string) => void
  restore: (params: Partial<PaintParams>) => void
  restoreFile: (file: File) => Promise<void>
  showVariations: (picture: Picture) => void
  linkTo: (params: Partial<PaintParams>) => string
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
  const form = newForm(link)
  const { count, options, mode, secondPrompt, painters, prompt, seeds, takesPrompt } = form
  const gallery = useGallery()
  const generations = useGenerations({
    ...{ painters, seeds, count, options },
    prompt: computed(() => (mode.value === 'paint' || mode.value === 'compare' ? prompt.value : undefined)),
    secondPrompt: computed(() => (mode.value === 'compare' && takesPrompt.value ? secondPrompt.value : undefined)),
    fromLink: link.prompt !== null,
  })
  const { generation, comparison } = generations

  function recordPrompt(): void {
    const seed = painters.promptOnly.value ? null : seeds.first.value
    const painter = painters.painter.value?.name ?? null
    if (prompt.value) void gallery.addToHistory({ prompt: prompt.value, seed, painter })
  }

  function generate(): void {
    if (prompt.value === '') {
      const example = defaultExample(painters.painter.value?.examplePrompts ?? []) ?? 'a red rose'
      form.notice.value = `The prompt is empty: say what to paint, for example “${example}”.`
      return
    }
    form.notice.value = ''
    seeds.randomize()
    recordPrompt()
    if (seeds.locked.value || painters.promptOnly.value) generation.retry()
  }

  function choosePainter(name: string): void {
    painters.chosenName.value = name
    generation.data.value = null
    comparison.data.value = null
    const examples = painters.painter.value?.examplePrompts ?? []
    if (takesPrompt.value && !examples.includes(prompt.value ?? '')) form.promptText.value = defaultExample(examples) ?? form.promptText.value
    if (mode.value === 'variations' || (mode.value === 'compare' && !takesPrompt.value)) mode.value = 'paint'
  }

  // Once nothing changes for a while, the prompt enters the history and the address bar links to the pictures.
  useDebouncedWatch([prompt, seeds.first, painters.chosenName, count, options, generation.data, mode], RECORD_DELAY_MS, () => {
    if (!generation.data.value || generation.error.value || mode.value === 'gallery') return // a cleared history stays empty
    recordPrompt()
    if (mode.value !== 'paint') return
    const seed = painters.promptOnly.value ? null : seeds.first.value
    const here = { seed, prompt: prompt.value, painter: painters.chosenName.value, count: count.value, options: options.value }
    history.replaceState(null, '', formatLink(here) || '.')
  })
  watch(gallery.pictures, (pictures) => {
    if (!gallery.persistent.value && pictures.length > 0) form.notice.value = NOT_PERSISTENT
  })

  return { ...form, ...generations, ...restoreActions(form), gallery, generate, choosePainter }
}

function newForm(link: PaintParams): FormState {
  const painters = usePainters()
  const count = ref(link.count ?? DEFAULT_COUNT)
  const promptText = ref(link.prompt ?? '')
  const secondPromptText = ref('')
  const takesPrompt = computed(() => painters.painter.value?.takesPrompt ?? true)
  // A link is painted before the painters are loaded; its strength comes from a painter that takes one.
  const takesStrength = computed(() => painters.painter.value?.takesStrength ?? !painters.promptOnly.value)
  const chosenOptions = shallowRef(link.options)
  const variationCenter = shallowRef(variationCenterOf(link))
  const form: FormState = {
    ...{ painters, count, promptText, secondPromptText, takesPrompt, takesStrength },
    seeds: useSeeds(count),
    mode: ref<Mode>(variationCenter.value ? 'variations' : 'paint'),
    chosenOptions,
    options: computed(() => (takesStrength.value ? chosenOptions.value : { ...chosenOptions.value, strength: DEFAULT_OPTIONS.strength })),
    prompt: computed(() => (takesPrompt.value ? collapseWhitespace(promptText.value) : null)),
    secondPrompt: computed(() => (takesPrompt.value ? collapseWhitespace(secondPromptText.value) : null)),
    variationCenter,
    morphSeeds: ref<readonly [number, number]>([0, 0]),
    notice: ref(''),
  }
  painters.chosenName.value = link.painter
  if (link.seed !== null) form.seeds.first.value = link.seed
  fillDependentInputs(form)
  return form
}

function variationCenterOf({ seed, variation }: Partial<PaintParams>): VariationCenter | null {
  return seed != null && variation ? { seed, variation } : null
}

/** Fills in inputs that depend on others. */
function fillDependentInputs(form: FormState): void {
  const { morphSeeds, mode, notice, secondPromptText, painters, prompt, seeds, takesPrompt, promptText } = form
  watch(promptText, () => (notice.value = ''))
  watch(mode, (now) => {
    const examples = painters.painter.value?.examplePrompts ?? []
    if ((now === 'morph' || now === 'compare') && secondPromptText.value === '') {
      secondPromptText.value = examples.find((example) => example !== prompt.value) ?? ''
    }
    if (now === 'morph') morphSeeds.value = morphSeedsOf(seeds, takesPrompt.value)
  })
  watch(painters.promptOnly, (promptOnly) => {
    if (promptOnly && mode.value === 'variations') mode.value = 'paint' // its API has no variations
  })
  watch(painters.painters, (all) => {
    const { chosenName } = painters
    if (all.length === 0 || chosenName.value === null || all.some(({ name }) => name === chosenName.value)) return
    notice.value = `The painter “${chosenName.value}” is not here; ${all[0]?.name} paints.`
    chosenName.value = null
  })
}

/** The seeds of a morph's two ends: the first two pins; with fewer of them, the same seed if there are prompts to morph. */
function morphSeedsOf({ slots }: SeedsState, takesPrompt: boolean): readonly [number, number] {
  const pinned = slots.value.filter((slot) => slot.pinned)
  const [one, other] = [...pinned, ...slots.value.filter((slot) => !slot.pinned)]
  const from = one?.seed ?? 0
  return [from, takesPrompt && pinned.length < 2 ? from : (other?.seed ?? from + 1)]
}

/** Actions that return to what was painted before, here or elsewhere. */
function restoreActions(form: FormState): Pick<Page, 'restore' | 'restoreFile' | 'showVariations' | 'linkTo'> {
  const { mode, variationCenter, notice, painters, seeds, chosenOptions, promptText } = form

  function restore(params: Partial<PaintParams>): void {
    const known = painters.painters.value.some(({ name }) => name === params.painter)
    if (params.painter && known) painters.chosenName.value = params.painter
    if (params.prompt != null) promptText.value = params.prompt
    if (params.seed != null) seeds.startFrom(params.seed)
    chosenOptions.value = params.options ?? DEFAULT_OPTIONS
    variationCenter.value = variationCenterOf(params)
    mode.value = variationCenter.value && !painters.promptOnly.value ? 'variations' : 'paint'
    const message = params.painter && !known ? `The painter “${params.painter}” is not here; another one paints.` : ''
    void Promise.resolve().then(() => (notice.value = message)) // after the watcher of the prompt has cleared it
  }

  async function restoreFile(file: File): Promise<void> {
    const bytes = file.size > MAX_FILE_BYTES ? null : await file.arrayBuffer().catch(() => null)
    const params = bytes && paramsFromPng(new Uint8Array(bytes))
    if (params) restore(params)
    else notice.value = 'This file does not say what it was painted from.'
  }

  function showVariations(picture: Picture): void {
    if (picture.seed === null) return
    if (picture.prompt !== null) promptText.value = picture.prompt
    variationCenter.value = { seed: picture.seed, variation: { subseed: randomSeed(), strength: DEFAULT_VARIATION_STRENGTH } }
    mode.value = 'variations'
  }

  function linkTo(params: Partial<PaintParams>): string {
    const painter = params.painter ?? painters.painter.value?.name ?? null
    return new URL(location.pathname + formatLink({ ...params, painter }), location.href).href
  }

  return { restore, restoreFile, showVariations, linkTo }
}
