import { computed, inject, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { recipeOfPng } from '../media/recipeOfFile'
import { firstExample } from '../model/examples'
import { folded, readLink, USUAL_COUNT, writeLink, type Recipe } from '../model/link'
import { PLAIN, type Manner } from '../model/manner'
import { randomSeed } from '../model/seeds'
import type { Variation } from '../model/variation'
import type { Picture } from '../model/picture'
import { useKept, type KeptState } from './useKept'
import { usePainters, type PaintersState } from './usePainters'
import type { Wall } from './usePaintings'
import { useSeeds, type SeedsState } from './useSeeds'
import { useSettled } from './useSettled'
import { useWalls } from './useWalls'

export const MODES = ['paint', 'compare', 'morph', 'kept'] as const
export type Mode = (typeof MODES)[number] | 'near'

const KEY: InjectionKey<Studio> = Symbol('studio')
const USUAL_DISTANCE = 0.25
const SETTLED_MS = 1500
const LARGEST_FILE = 32 * 1024 * 1024 // bytes
const NOTHING_KEPT = 'This browser lets the page keep nothing for long: download what you like.'

/** The picture whose neighbours are seen, and where the first of them lies. */
export interface Near {
  readonly seed: number
  readonly variation: Variation
}

/** What somebody has chosen, by hand or by a link. */
interface Desk {
  painters: PaintersState
  seeds: SeedsState
  mode: Ref<Mode>
  words: Ref<string>
  otherWords: Ref<string>
  count: Ref<number>
  /** How to paint, as somebody set it, and as the painter is asked: what it cannot be told is as usual. */
  chosenManner: Ref<Manner>
  manner: ComputedRef<Manner>
  /** The words as the painter is asked for them: null for one that takes none. */
  prompt: ComputedRef<string | null>
  otherPrompt: ComputedRef<string | null>
  takesPrompt: ComputedRef<boolean>
  takesStrength: ComputedRef<boolean>
  near: Ref<Near | null>
  /** The seeds of a morph's ends. */
  ends: Ref<readonly [number, number]>
  /** A sentence for whoever sits before the page; empty when there is none. */
  notice: Ref<string>
}

/** Everything that the page's parts share. */
export interface Studio extends Desk {
  kept: KeptState
  wall: Wall
  otherWall: Wall
  generate: () => void
  choosePainter: (name: string) => void
  restore: (recipe: Partial<Recipe>) => void
  restoreFile: (file: File) => Promise<void>
  seekNear: (picture: Picture) => void
  linkTo: (recipe: Partial<Recipe>) => string
}

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
  const desk = newDesk(link)
  const { count, manner, mode, otherPrompt, painters, prompt, seeds, takesPrompt } = desk
  const kept = useKept()
  const walls = useWalls({
    ...{ painters, seeds, count, manner },
    prompt: computed(() => (mode.value === 'paint' || mode.value === 'compare' ? prompt.value : undefined)),
    otherPrompt: computed(() => (mode.value === 'compare' && takesPrompt.value ? otherPrompt.value : undefined)),
    linked: link.prompt !== null,
  })
  const { wall } = walls

  function rememberWords(): void {
    const [seed, painter] = [painters.plain.value ? null : seeds.first.value, painters.painter.value?.name ?? null]
    if (prompt.value) void kept.remember({ prompt: prompt.value, seed, painter })
  }

  function generate(): void {
    if (prompt.value === '') {
      const example = firstExample(painters.painter.value?.examplePrompts ?? []) ?? 'a red rose'
      desk.notice.value = `The prompt is empty: say what to paint, for example “${example}”.`
      return
    }
    desk.notice.value = ''
    seeds.renew()
    rememberWords()
    if (seeds.locked.value || painters.plain.value) wall.again()
  }

  function choosePainter(name: string): void {
    painters.chosen.value = name
    wall.data.value = walls.otherWall.data.value = null
    const examples = painters.painter.value?.examplePrompts ?? []
    if (takesPrompt.value && !examples.includes(prompt.value ?? '')) desk.words.value = firstExample(examples) ?? desk.words.value
    if (mode.value === 'near' || (mode.value === 'compare' && !takesPrompt.value)) mode.value = 'paint'
  }

  // The address is always that of what is seen, and words that stay a while are remembered.
  useSettled([prompt, seeds.first, painters.chosen, count, manner, wall.data, mode], SETTLED_MS, () => {
    if (!wall.data.value || wall.error.value || mode.value === 'kept') return // what is forgotten there stays so
    rememberWords()
    if (mode.value !== 'paint') return
    const seed = painters.plain.value ? null : seeds.first.value
    const here = { seed, prompt: prompt.value, painter: painters.chosen.value, count: count.value, manner: manner.value }
    history.replaceState(null, '', writeLink(here) || '.')
  })
  watch(kept.pictures, (pictures) => {
    if (!kept.durable.value && pictures.length > 0) desk.notice.value = NOTHING_KEPT
  })

  return { ...desk, ...walls, ...restoring(desk), kept, generate, choosePainter }
}

function newDesk(link: Recipe): Desk {
  const painters = usePainters()
  const count = ref(link.count ?? USUAL_COUNT)
  const words = ref(link.prompt ?? '')
  const otherWords = ref('')
  const takesPrompt = computed(() => painters.painter.value?.takesPrompt ?? true)
  // A link may be painted before it is known who paints; whoever follows it was told a strength that can be.
  const takesStrength = computed(() => painters.painter.value?.takesStrength ?? !painters.plain.value)
  const chosenManner = shallowRef(link.manner)
  const near = shallowRef(nearOf(link))
  const desk: Desk = {
    ...{ painters, count, words, otherWords, takesPrompt, takesStrength },
    seeds: useSeeds(count),
    mode: ref<Mode>(near.value ? 'near' : 'paint'),
    chosenManner,
    manner: computed(() => (takesStrength.value ? chosenManner.value : { ...chosenManner.value, strength: PLAIN.strength })),
    prompt: computed(() => (takesPrompt.value ? folded(words.value) : null)),
    otherPrompt: computed(() => (takesPrompt.value ? folded(otherWords.value) : null)),
    near,
    ends: ref<readonly [number, number]>([0, 0]),
    notice: ref(''),
  }
  painters.chosen.value = link.painter
  if (link.seed !== null) desk.seeds.first.value = link.seed
  keepInOrder(desk)
  return desk
}

function nearOf({ seed, variation }: Partial<Recipe>): Near | null {
  return seed != null && variation ? { seed, variation } : null
}

/** What follows from what somebody chose. */
function keepInOrder(desk: Desk): void {
  const { ends, mode, notice, otherWords, painters, prompt, seeds, takesPrompt, words } = desk
  watch(words, () => (notice.value = ''))
  watch(mode, (now) => {
    const examples = painters.painter.value?.examplePrompts ?? []
    if ((now === 'morph' || now === 'compare') && otherWords.value === '') {
      otherWords.value = examples.find((example) => example !== prompt.value) ?? ''
    }
    if (now === 'morph') ends.value = endsOf(seeds, takesPrompt.value)
  })
  watch(painters.plain, (plain) => {
    if (plain && mode.value === 'near') mode.value = 'paint' // it knows of no neighbours
  })
  watch(painters.painters, (all) => {
    const { chosen } = painters
    if (all.length === 0 || chosen.value === null || all.some(({ name }) => name === chosen.value)) return
    notice.value = `The painter “${chosen.value}” is not here; ${all[0]?.name} paints.`
    chosen.value = null
  })
}

/** A morph leads between two pins; with one or none, words alone change where there are words. */
function endsOf({ slots }: SeedsState, takesPrompt: boolean): readonly [number, number] {
  const pinned = slots.value.filter((slot) => slot.pinned)
  const [one, other] = [...pinned, ...slots.value.filter((slot) => !slot.pinned)]
  const from = one?.seed ?? 0
  return [from, takesPrompt && pinned.length < 2 ? from : (other?.seed ?? from + 1)]
}

/** To go back to what was painted, here or elsewhere. */
function restoring(desk: Desk): Pick<Studio, 'restore' | 'restoreFile' | 'seekNear' | 'linkTo'> {
  const { mode, near, notice, painters, seeds, chosenManner, words } = desk

  function restore(recipe: Partial<Recipe>): void {
    const known = painters.painters.value.some(({ name }) => name === recipe.painter)
    if (recipe.painter && known) painters.chosen.value = recipe.painter
    if (recipe.prompt != null) words.value = recipe.prompt
    if (recipe.seed != null) seeds.startAt(recipe.seed)
    chosenManner.value = recipe.manner ?? PLAIN
    near.value = nearOf(recipe)
    mode.value = near.value && !painters.plain.value ? 'near' : 'paint'
    const told = recipe.painter && !known ? `The painter “${recipe.painter}” is not here; another one paints.` : ''
    void Promise.resolve().then(() => (notice.value = told)) // after the old notice has gone with the old words
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
    near.value = { seed: picture.seed, variation: { subseed: randomSeed(), strength: USUAL_DISTANCE } }
    mode.value = 'near'
  }

  function linkTo(recipe: Partial<Recipe>): string {
    const painter = recipe.painter ?? painters.painter.value?.name ?? null
    return new URL(location.pathname + writeLink({ ...recipe, painter }), location.href).href
  }

  return { restore, restoreFile, seekNear, linkTo }
}
