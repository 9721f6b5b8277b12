import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { Painter } from '../model/painter'
import { fetchPainters } from '../server/painters'
import { useRequest, type RequestState } from './useRequest'

export interface PaintersState {
  request: RequestState<null, Painter[]>
  painters: ComputedRef<readonly Painter[]>
  /** The painter in use; null until the list is loaded, or for a server that has no list. */
  painter: ComputedRef<Painter | null>
  /** The chosen painter's name, whether or not the server has it. */
  chosenName: Ref<string | null>
  /** Whether the server's API takes nothing but a prompt, as the thesis's does: no seeds, no morphs. */
  promptOnly: ComputedRef<boolean>
}

/** The server's painters, and the chosen one. */
export function usePainters(): PaintersState {
  const request = useRequest<null, Painter[]>(fetchPainters)
  const chosenName = ref<string | null>(null)
  const painters = computed(() => request.data.value ?? [])
  const painter = computed(() => {
    return painters.value.find(({ name }) => name === chosenName.value) ?? painters.value[0] ?? null
  })
  const promptOnly = computed(() => request.data.value?.length === 0)
  return { request, painters, painter, chosenName, promptOnly }
}
