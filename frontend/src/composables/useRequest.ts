import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { PaintError } from '../model/errors'

const SLOW_MS = 1500
const UNREACHABLE_RETRY_SECONDS = [2, 3, 5, 8, 13] // the last one repeats
const MAX_RETRIES = 30

export interface RequestState<Params, Result> {
  data: ShallowRef<Result | null>
  error: ShallowRef<PaintError | null>
  pending: Ref<boolean>
  /** Whether the response takes unusually long. */
  slow: Ref<boolean>
  /** Seconds until the next automatic retry; null without one. */
  retryIn: Ref<number | null>
  /** Sends a request at once, or after a delay without another call. */
  send: (params: Params, delayMs?: number) => void
  /** Sends the latest request again, at once. */
  retry: () => void
  /** Aborts the request and its retries, and clears the error. */
  cancel: () => void
}

/**
 * A repeatable request: a new one aborts the previous one, and the latest response wins.
 *
 * `publish` shows the part of a response that has arrived. A busy server is retried after its Retry-After, an unreachable one after growing delays. A delayed call meanwhile only
 * replaces the parameters of the retry.
 */
export function useRequest<Params, Result>(
  load: (signal: AbortSignal, params: Params, publish: (part: Result) => void) => Promise<Result>,
): RequestState<Params, Result> {
  const data: ShallowRef<Result | null> = shallowRef(null)
  const error = shallowRef<PaintError | null>(null)
  const pending = ref(false)
  const slow = ref(false)
  const retryIn = ref<number | null>(null)
  let latest: { params: Params } | null = null
  let running: AbortController | null = null
  let failures = 0
  let delayTimer: ReturnType<typeof setTimeout> | undefined
  let slowTimer: ReturnType<typeof setTimeout> | undefined
  let retryTimer: ReturnType<typeof setInterval> | undefined

  function send(params: Params, delayMs = 0): void {
    latest = { params }
    if (delayMs > 0 && retryIn.value !== null) return
    clearTimeout(delayTimer)
    if (delayMs > 0) delayTimer = setTimeout(retry, delayMs)
    else retry()
  }

  function retry(): void {
    failures = 0
    void attempt()
  }

  async function attempt(): Promise<void> {
    abort()
    if (latest === null) return
    const controller = new AbortController()
    running = controller
    pending.value = true
    slowTimer = setTimeout(() => (slow.value = true), SLOW_MS)
    try {
      const result = await load(controller.signal, latest.params, (part) => {
        if (running !== controller) return
        data.value = part
        slow.value = false
        clearTimeout(slowTimer)
      })
      if (running !== controller) return
      finish()
      data.value = result
      error.value = null
    } catch (cause) {
      if (running !== controller) return
      finish()
      error.value = cause instanceof PaintError ? cause : new PaintError('invalid', 'The page failed with an internal error.')
      scheduleRetry(error.value)
    }
  }

  function scheduleRetry({ kind, retryAfter }: PaintError): void {
    failures += 1
    if ((kind !== 'busy' && kind !== 'unreachable') || failures > MAX_RETRIES) return
    const step = Math.min(failures, UNREACHABLE_RETRY_SECONDS.length) - 1
    retryIn.value = retryAfter ?? UNREACHABLE_RETRY_SECONDS[step] ?? null
    retryTimer = setInterval(() => {
      if (retryIn.value !== null && retryIn.value > 1) retryIn.value -= 1
      else void attempt()
    }, 1000)
  }

  function finish(): void {
    running = null
    pending.value = false
    slow.value = false
    clearTimeout(slowTimer)
  }

  function abort(): void {
    running?.abort()
    finish()
    clearTimeout(delayTimer)
    clearInterval(retryTimer)
    retryIn.value = null
  }

  function cancel(): void {
    abort()
    latest = null
    error.value = null
  }

  onScopeDispose(cancel)
  return { data, error, pending, slow, retryIn, send, retry, cancel }
}
