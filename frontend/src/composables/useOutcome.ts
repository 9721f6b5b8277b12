import { computed, type ComputedRef } from 'vue'
import type { PaintError } from '../model/errors'
import type { RequestState } from './useRequest'

type FailableRequest = Pick<RequestState<never, never>, 'error' | 'retryIn' | 'retry'>

/** The error of the first of several requests that failed, and a retry of all that failed. */
export function useFirstError(requests: readonly FailableRequest[]): {
  error: ComputedRef<PaintError | null>
  retryIn: ComputedRef<number | null>
  retry: () => void
} {
  const failed = computed(() => requests.find(({ error }) => error.value !== null))
  function retry(): void {
    for (const request of requests) {
      if (request.error.value !== null) request.retry()
    }
  }
  return {
    error: computed(() => failed.value?.error.value ?? null),
    retryIn: computed(() => failed.value?.retryIn.value ?? null),
    retry,
  }
}
