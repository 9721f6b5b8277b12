import { computed, type ComputedRef } from 'vue'
import type { PaintError } from '../model/errors'
import type { RequestState } from './useRequest'

type AnyRequest = Pick<RequestState<never, never>, 'error' | 'pending' | 'retry' | 'retryIn' | 'slow'>

export interface Outcome {
  /** The error of the first request that failed. */
  error: ComputedRef<PaintError | null>
  /** Seconds until that is sent again; null without a retry. */
  retryIn: ComputedRef<number | null>
  pending: ComputedRef<boolean>
  slow: ComputedRef<boolean>
  /** Sends all that failed again. */
  retry: () => void
}

/** What has become of several requests taken together, so that one place reports on all of them. */
export function useOutcome(requests: readonly AnyRequest[]): Outcome {
  const failed = computed(() => requests.find(({ error }) => error.value !== null))
  return {
    error: computed(() => failed.value?.error.value ?? null),
    retryIn: computed(() => failed.value?.retryIn.value ?? null),
    pending: computed(() => requests.some(({ pending }) => pending.value)),
    slow: computed(() => requests.some(({ slow }) => slow.value)),
    retry: () => {
      for (const request of requests) {
        if (request.error.value !== null) request.retry()
      }
    },
  }
}
