import { computed, type ComputedRef } from 'vue'
import type { PaintError } from '../model/errors'
import type { RequestState } from './useRequest'

type Failing = Pick<RequestState<never, never>, 'error' | 'retryIn' | 'again'>

/** What went wrong with the first of several requests that failed, and a way to ask for all that failed again. */
export function useTrouble(requests: readonly Failing[]): {
  error: ComputedRef<PaintError | null>
  retryIn: ComputedRef<number | null>
  retry: () => void
} {
  const failed = computed(() => requests.find(({ error }) => error.value !== null))
  function retry(): void {
    for (const { error, again } of requests) {
      if (error.value !== null) again()
    }
  }
  return {
    error: computed(() => failed.value?.error.value ?? null),
    retryIn: computed(() => failed.value?.retryIn.value ?? null),
    retry,
  }
}
