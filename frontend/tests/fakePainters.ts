import { computed, shallowRef } from 'vue'
import type { Navigation } from '../src/composables/useNavigation'
import type { PaintersState } from '../src/composables/usePainters'
import type { Painter } from '../src/model/painter'
import { recipeOnScreen } from '../src/model/view'

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
export const SHAPES: Painter = { ...FLOWERS, name: 'shapes', examplePrompts: ['a blue disc', 'a red square'] }
/** A painter that takes no prompt. */
export const DIGITS: Painter = { ...FLOWERS, name: 'digits', takesPrompt: false, examplePrompts: [] }

/** The painters of a server, without requests to it; none as long as they are not loaded. */
export function fakePainters({ view }: Navigation, all: readonly Painter[], promptOnly = false): PaintersState {
  const painters = computed(() => all)
  const painter = computed(() => all.find(({ name }) => name === recipeOnScreen(view.value).painter) ?? all[0] ?? null)
  const request = { data: shallowRef(all), error: shallowRef(null) } as unknown as PaintersState['request']
  return { request, painters, painter, promptOnly: computed(() => promptOnly) }
}
