import { computed, watch, type ComputedRef, type WritableComputedRef } from 'vue'
import { labelsOf } from '../model/card'
import { engine } from '../engine'
import type { Embedding, EmbeddingRequest } from '../model/embedding'
import { shownExamples } from '../model/examples'
import { knownWords, type KnownWord } from '../model/knownWords'
import { exampleSteps, MAX_STEPS, NEIGHBOUR_COUNT, seedSteps, strengthSteps, wordSteps, type Step } from '../model/learn'
import type { FormState } from './useForm'
import { TYPING_DELAY_MS, useGeneration, type Generation, type GenerationRequest } from './useGeneration'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'
import { useRequest, type RequestState } from './useRequest'

/** Pictures that differ from the one on screen in one thing each. */
export interface Strip {
  /** Empty where the painter has no such strip. */
  steps: ComputedRef<readonly Step[]>
  /** The pictures of the steps, in their order. */
  generation: Generation
}

export interface LearnState {
  /** The prompt's words that can be replaced. */
  knownWords: ComputedRef<readonly KnownWord[]>
  /** The one that is; null for a prompt without any. */
  word: ComputedRef<KnownWord | null>
  chooseWord: (word: KnownWord) => void
  words: Strip
  strengths: Strip
  seeds: Strip
  /** How far the neighbours are on their way to other seeds, above 0, up to 1. */
  distance: WritableComputedRef<number>
  embedding: RequestState<EmbeddingRequest, Embedding>
}

/** What changes a picture, one thing at a time: strips of pictures, painted as long as the view Learn is shown. */
export function useLearn({ view }: Navigation, form: FormState, { painter }: PaintersState): LearnState {
  const { mode, recipe } = form
  const examples = computed(() => painter.value?.examplePrompts ?? [])
  const labels = computed(() => (painter.value ? labelsOf(painter.value) : []))
  const isReady = computed(() => mode.value === 'learn' && painter.value !== null && recipe.value.prompt !== '')

  const known = computed(() => knownWords(recipe.value.prompt ?? '', labels.value))
  const word = computed(() => known.value.find(({ id }) => id === view.value.learn.word) ?? known.value[0] ?? null)
  const wordsShown = computed(() => {
    if (!isReady.value || recipe.value.prompt === null) return []
    if (word.value) return wordSteps(recipe.value, word.value, examples.value)
    return exampleSteps(recipe.value, shownExamples(examples.value, labels.value[0]?.values ?? [], MAX_STEPS))
  })
  const strengthsShown = computed(() => (isReady.value && painter.value?.takesStrength ? strengthSteps(recipe.value) : []))
  const distance = computed({
    get: () => view.value.learn.distance,
    set: (distance) => (view.value = { ...view.value, learn: { ...view.value.learn, distance } }),
  })
  const seedsShown = computed(() => (isReady.value ? seedSteps(recipe.value, distance.value) : []))

  return {
    knownWords: known,
    word,
    chooseWord: ({ id }) => (view.value = { ...view.value, learn: { ...view.value.learn, word: id } }),
    words: stripOf(wordsShown, eachAlone),
    strengths: stripOf(strengthsShown, eachAlone),
    seeds: stripOf(seedsShown, ownAndNeighbours),
    distance,
    embedding: useEmbedding(computed(() => {
      const { prompt, painter: name } = recipe.value
      return isReady.value && prompt !== null ? { prompt, painter: name } : null
    })),
  }
}

function stripOf(steps: ComputedRef<readonly Step[]>, requestOf: (steps: readonly Step[]) => GenerationRequest): Strip {
  return { steps, generation: useGeneration(computed(() => (steps.value.length > 0 ? requestOf(steps.value) : null))) }
}

function eachAlone(steps: readonly Step[]): GenerationRequest {
  return steps.map(({ recipe }) => ({ ...recipe, count: 1 }))
}

/** The neighbours' seeds or subseeds are consecutive: one request paints them. */
function ownAndNeighbours([own, first]: readonly Step[]): GenerationRequest {
  if (!own || !first) return []
  return [{ ...own.recipe, count: 1 }, { ...first.recipe, count: NEIGHBOUR_COUNT }]
}

/** The embedding of the latest prompt; null requests none. */
function useEmbedding(request: ComputedRef<EmbeddingRequest | null>): RequestState<EmbeddingRequest, Embedding> {
  const embedding = useRequest<EmbeddingRequest, Embedding>(engine.embedding)
  watch(() => JSON.stringify(request.value), () => {
    if (request.value) embedding.send(request.value, embedding.pending.value ? TYPING_DELAY_MS : 0)
    else embedding.cancel()
  }, { immediate: true })
  return embedding
}
