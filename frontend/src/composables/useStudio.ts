import { computed, inject, provide, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { recipeOfPng } from '../media/recipeOfFile'
import { folded, readLink, USUAL_COUNT, writeLink, type Recipe, type Towards } from '../model/link'
import type { Picture } from '../server/paint'
import { useKept, type KeptState } from './useKept'
import { usePainters, type PaintersState } from './usePainters'
import { usePaintings, type WallOrder } from './usePaintings'
import { useSeeds, type SeedsState } from './useSeeds'

export const MODES = ['paint', 'compare', 'morph', 'kept'] as const
export type Mode = (typeof MODES)[number] | 'near'

type Wall = ReturnType<typeof usePaintings>

/** Everything that the page's parts share. */
export interface Studio {
  painters: PaintersState
  kept: KeptState
  seeds: SeedsState
  /** The wall of pictures, and the one that it is compared with. */
  wall: Wall
  otherWall: Wall
  mode: Ref<Mode>
  words: Ref<string>
  otherWords: Ref<string>
  /** The words as the painter is asked for them: null for one that takes none. */
  prompt: ComputedRef<string | null>
  otherPrompt: ComputedRef<string | null>
  takesPrompt: ComputedRef<boolean>
  count: Ref<number>
  truncation: Ref<number>
  /** The seed around which there is something to see. */
  nearSeed: Ref<number | null>
  /** The neighbour that somebody wants to see first. */
  nearTowards: Ref<Towards | null>
  /** The seeds of a morph's ends. */
  ends: Ref<readonly [number, number]>
  /** A sentence for whoever sits before the page; empty when there is none. */
  notice: Ref<string>
  generate: () => void
  choosePainter: (name: string) => void
  restore: (recipe: Partial<Recipe>) => void
  restoreFile: (file: File) => Promise<void>
  seekNear: (picture: Picture) => void
  linkTo: (picture: Partial<Recipe>) => string
}

const KEY: InjectionKey<Studio> = Symbol('studio')
const SETTLED_MS = 1500
const LARGEST_FILE = 32 * 1024 * 1024 // bytes

export function useStudio(): Studio {
  const studio = inject(KEY)
  if (!studio) throw new Error('there is no studio around this component')
  return studio
}

/** Set the studio up for a component and all within it. */
export function provideStudio(): Studio {
  const studio = newStudio(readLink(location.search))
  provide(KEY, studio)
  return studio
}

function newStudio(link: Recipe): Studio {
  const painters = usePainters()
  const kept = useKept()
  const mode = ref<Mode>(link.towards && link.seed !== null ? 'near' : 'paint')
  const words = ref(link.prompt ?? '')
  const otherWords = ref('')
  const count = ref(link.count ?? USUAL_COUNT)
  const truncation = ref(link.truncation ?? 1)
  const seeds = useSeeds(count)
  const nearSeed = ref<number | null>(link.towards && link.seed)
  const nearTowards = ref<Towards | null>(link.towards)
  const ends = ref<readonly [number, number]>([0, 0])
  const notice = ref('')
  painters.chosen.value = link.painter
  if (link.seed !== null) seeds.first.value = link.seed

  const takesPrompt = computed(() => painters.painter.value?.takesPrompt ?? true)
  const prompt = computed(() => (takesPrompt.value ? folded(words.value) : null))
  const otherPrompt = computed(() => (takesPrompt.value ? folded(otherWords.value) : null))
  /** What a link asks for is painted without waiting to hear who paints here. */
  const ready = computed(() => painters.request.data.value !== null || link.prompt !== null)

  function orderOf(what: string | null): WallOrder | null {
    if (!ready.value || what === '') return null
    return {
      prompt: what,
      seeds: painters.plain.value ? [] : seeds.slots.value.map(({ seed }) => seed),
      count: count.value,
      truncation: truncation.value,
      painter: painters.plain.value ? null : painters.chosen.value,
    }
  }

  const shown = computed(() => mode.value === 'paint' || mode.value === 'compare')
  const wall = usePaintings(computed(() => (shown.value ? orderOf(prompt.value) : null)))
  const otherWall = usePaintings(
    computed(() => (mode.value === 'compare' && takesPrompt.value ? orderOf(otherPrompt.value) : null)),
  )

  function generate(): void {
    if (prompt.value === '') {
      notice.value = `The prompt is empty: say what to paint, for example “${painters.painter.value?.examplePrompts[0] ?? 'a red rose'}”.`
      return
    }
    notice.value = ''
    seeds.renew()
    rememberWords()
    if (seeds.locked.value || painters.plain.value) wall.again()
  }

  function rememberWords(): void {
    if (!prompt.value) return
    const [seed, painter] = [painters.plain.value ? null : seeds.first.value, painters.painter.value?.name ?? null]
    void kept.remember({ prompt: prompt.value, seed, painter })
  }

  function choosePainter(name: string): void {
    painters.chosen.value = name
    wall.data.value = null
    otherWall.data.value = null
    const examples = painters.painter.value?.examplePrompts ?? []
    if (takesPrompt.value && !examples.includes(words.value)) words.value = examples[0] ?? words.value
    if (mode.value === 'near' || (mode.value === 'compare' && !takesPrompt.value)) mode.value = 'paint'
  }

  function restore(recipe: Partial<Recipe>): void {
    const known = painters.painters.value.some(({ name }) => name === recipe.painter)
    notice.value = recipe.painter && !known ? `The painter “${recipe.painter}” is not here; another one paints.` : ''
    if (recipe.painter && known) painters.chosen.value = recipe.painter
    if (recipe.prompt != null) words.value = recipe.prompt
    if (recipe.seed != null) seeds.startAt(recipe.seed)
    truncation.value = recipe.truncation ?? 1
    nearSeed.value = recipe.seed ?? null
    nearTowards.value = recipe.towards ?? null
    mode.value = recipe.towards ? 'near' : 'paint'
  }

  async function restoreFile(file: File): Promise<void> {
    const bytes = file.size > LARGEST_FILE ? null : await file.arrayBuffer().catch(() => null)
    const recipe = bytes && recipeOfPng(new Uint8Array(bytes))
    if (recipe) restore(recipe)
    else notice.value = 'This file does not say what it was painted from.'
  }

  function seekNear(picture: Picture): void {
    if (picture.seed === null) return
    if (picture.prompt !== null) words.value = picture.prompt
    nearSeed.value = picture.seed
    nearTowards.value = picture.towards ?? null
    mode.value = 'near'
  }

  function linkTo(picture: Partial<Recipe>): string {
    const painter = picture.painter ?? painters.painter.value?.name ?? null
    return new URL(location.pathname + writeLink({ ...picture, painter }), location.href).href
  }

  /** The address is always that of what is seen, and words that stay a while are remembered. */
  let settled: ReturnType<typeof setTimeout> | undefined
  watch([prompt, seeds.first, painters.chosen, count, truncation, wall.data], () => {
    clearTimeout(settled)
    settled = setTimeout(() => {
      if (!wall.data.value || wall.error.value) return
      const seed = painters.plain.value ? null : seeds.first.value
      const here = { prompt: prompt.value, seed, painter: painters.chosen.value }
      history.replaceState(null, '', writeLink({ ...here, count: count.value, truncation: truncation.value }) || '.')
      rememberWords()
    }, SETTLED_MS)
  })
  watch(words, () => (notice.value = ''))
  watch(mode, (now) => {
    if (now !== 'morph') return
    const slots = seeds.slots.value
    const [one, other] = [...slots.filter(({ pinned }) => pinned), ...slots]
    ends.value = [one?.seed ?? 0, (takesPrompt.value && !slots.some(({ pinned }) => pinned) ? one : other)?.seed ?? 1]
  })
  watch(mode, (now) => {
    const differs = (example: string): boolean => example !== prompt.value
    if ((now === 'morph' || now === 'compare') && otherWords.value === '') {
      otherWords.value = painters.painter.value?.examplePrompts.find(differs) ?? ''
    }
  })
  watch(painters.painters, (all) => {
    const missing = painters.chosen.value !== null && !all.some(({ name }) => name === painters.chosen.value)
    if (all.length === 0 || !missing) return
    notice.value = `The painter “${painters.chosen.value}” is not here; ${all[0]?.name} paints.`
    painters.chosen.value = null
  })

  return {
    painters, kept, seeds, wall, otherWall, mode, words, otherWords, prompt, otherPrompt, takesPrompt, count,
    truncation, nearSeed, nearTowards, ends, notice, generate, choosePainter, restore, restoreFile, seekNear, linkTo,
  }
}
