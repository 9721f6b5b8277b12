import { computed, type ComputedRef } from 'vue'
import { engine } from '../engine'
import type { Painter } from '../model/painter'
import { recipeOnScreen } from '../model/view'
import type { Navigation } from './useNavigation'
import { useRequest, type RequestState } from './useRequest'

export interface PaintersState {
  request: RequestState<null, Painter[]>
  painters: ComputedRef<readonly Painter[]>
  /** The painter of what is on screen; null until the list is loaded, or for a server that has no list. */
  painter: ComputedRef<Painter | null>
  /** Whether the server's API takes nothing but a prompt, as the thesis's does: no seeds, no morphs. */
  promptOnly: ComputedRef<boolean>
}

/** The server's painters, and the one on screen. */
export function usePainters({ view }: Navigation): PaintersState {
  const request = useRequest<null, Painter[]>(engine.painters)
  const painters = computed(() => request.data.value ?? [])
  const painter = computed(() => {
    const { painter: chosen } = recipeOnScreen(view.value)
    return painters.value.find(({ name }) => name === chosen) ?? painters.value[0] ?? null
  })
  const promptOnly = computed(() => request.data.value?.length === 0)
  return { request, painters, painter, promptOnly }
}
