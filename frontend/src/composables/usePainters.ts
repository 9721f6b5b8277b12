import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { Painter } from '../model/painter'
import { fetchPainters } from '../server/painters'
import { useRequest, type RequestState } from './useRequest'

export interface PaintersState {
  request: RequestState<null, Painter[]>
  painters: ComputedRef<readonly Painter[]>
  /** The one that paints; null until it is known, or where the server tells of none. */
  painter: ComputedRef<Painter | null>
  /** The name that was chosen, whether or not there is such a painter. */
  chosen: Ref<string | null>
  /** Whether the server knows nothing but to paint a prompt, as the thesis's does: no seeds, no morphs. */
  plain: ComputedRef<boolean>
}

/** The server's painters, and the one that is chosen among them. */
export function usePainters(): PaintersState {
  const request = useRequest<null, Painter[]>(fetchPainters)
  const chosen = ref<string | null>(null)
  const painters = computed(() => request.data.value ?? [])
  const painter = computed(() => {
    return painters.value.find(({ name }) => name === chosen.value) ?? painters.value[0] ?? null
  })
  const plain = computed(() => request.data.value?.length === 0)
  return { request, painters, painter, chosen, plain }
}
