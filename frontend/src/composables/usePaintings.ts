import { onScopeDispose, ref, type Ref } from 'vue'
import { paint as askServer, type Paintings } from '../api'
import { useRequest, type RequestState } from './useRequest'

const MOST_RETRIES = 5

export interface PaintingsState extends Pick<
  RequestState<[string | null], Paintings>,
  'data' | 'error' | 'pending'
> {
  /** Seconds until a busy server is asked again; null when nothing waits. */
  retryIn: Ref<number | null>
  paint: (prompt: string | null) => Promise<void>
}

/** Paintings of the latest prompt; a server that is busy is asked again when it said to. */
export function usePaintings(): PaintingsState {
  const { data, error, pending, run } = useRequest(askServer)
  const retryIn = ref<number | null>(null)
  let clock: ReturnType<typeof setInterval> | undefined

  function stopWaiting(): void {
    clearInterval(clock)
    retryIn.value = null
  }

  async function attempt(prompt: string | null, retriesLeft: number): Promise<void> {
    stopWaiting()
    await run(prompt)
    const wait = pending.value ? null : (error.value?.retryAfter ?? null)
    if (wait === null || retriesLeft === 0) return
    retryIn.value = wait
    clock = setInterval(() => {
      if (retryIn.value !== null && retryIn.value > 1) retryIn.value -= 1
      else void attempt(prompt, retriesLeft - 1)
    }, 1000)
  }

  onScopeDispose(stopWaiting)
  return { data, error, pending, retryIn, paint: (prompt) => attempt(prompt, MOST_RETRIES) }
}
