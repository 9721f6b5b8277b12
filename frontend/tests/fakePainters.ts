import { computed, ref } from 'vue'
import type { PaintersState } from '../src/composables/usePainters'
import type { Painter } from '../src/model/painter'

/** A painter that takes prompts and a strength. */
export const FLOWERS: Painter = {
  name: 'flowers',
  pictureSize: 128,
  takesPrompt: true,
  takesStrength: true,
  hasAlpha: false,
  examplePrompts: ['a daisy', 'a rose', 'a tulip'],
  card: {},
  samples: null,
}

/** The painters of a server, without requests to it; null as long as they are not loaded. */
export function fakePainters(all: readonly Painter[] | null, promptOnly = false): PaintersState {
  const list = ref(all ?? [])
  const chosenName = ref<string | null>(null)
  const painter = computed(() => list.value.find(({ name }) => name === chosenName.value) ?? list.value[0] ?? null)
  const state: Omit<PaintersState, 'request'> = {
    painters: computed(() => list.value),
    painter,
    chosenName,
    promptOnly: computed(() => promptOnly),
  }
  return state as PaintersState
}
