import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { PaintError } from '../model/errors'

const SLOW_MS = 1500
const GONE_WAITS = [2, 3, 5, 8, 13] // seconds between looks for a server that is gone
const MOST_TRIES = 30

export interface RequestState<Asked, Answer> {
  data: ShallowRef<Answer | null>
  error: ShallowRef<PaintError | null>
  pending: Ref<boolean>
  /** Whether the answer takes longer than one is used to. */
  slow: Ref<boolean>
  /** Seconds until the server is asked again; null when nothing waits. */
  retryIn: Ref<number | null>
  /** Ask at once, or after a pause in which nothing newer is asked. */
  ask: (asked: Asked, pauseMs?: number) => void
  /** Ask for the newest again, at once. */
  again: () => void
  /** Leave off: nothing is asked any more, and no error shown. */
  stop: () => void
}

/**
 * A request that may be asked again and again: a new one aborts the one before, and the newest wins.
 *
 * A server that is busy is asked again when it said to, one that is gone after longer and longer waits; while it is
 * waited for, what is asked with a pause takes the place of what waits.
 */
export function useRequest<Asked, Answer>(
  load: (signal: AbortSignal, asked: Asked) => Promise<Answer>,
): RequestState<Asked, Answer> {
  const data: ShallowRef<Answer | null> = shallowRef(null)
  const error = shallowRef<PaintError | null>(null)
  const pending = ref(false)
  const slow = ref(false)
  const retryIn = ref<number | null>(null)
  let newest: { asked: Asked } | null = null
  let running: AbortController | null = null
  let tries = 0
  let pause: ReturnType<typeof setTimeout> | undefined
  let patience: ReturnType<typeof setTimeout> | undefined
  let clock: ReturnType<typeof setInterval> | undefined

  function ask(asked: Asked, pauseMs = 0): void {
    newest = { asked }
    if (pauseMs > 0 && retryIn.value !== null) return
    clearTimeout(pause)
    if (pauseMs > 0) pause = setTimeout(again, pauseMs)
    else again()
  }

  function again(): void {
    tries = 0
    void attempt()
  }

  async function attempt(): Promise<void> {
    halt()
    if (newest === null) return
    const mine = new AbortController()
    running = mine
    pending.value = true
    patience = setTimeout(() => (slow.value = true), SLOW_MS)
    try {
      const answer = await load(mine.signal, newest.asked)
      if (running !== mine) return
      rest()
      data.value = answer
      error.value = null
    } catch (cause) {
      if (running !== mine) return
      rest()
      error.value = cause instanceof PaintError ? cause : new PaintError('broken', 'The page made a mistake.')
      waitFor(error.value)
    }
  }

  function waitFor({ trouble, retryAfter }: PaintError): void {
    tries += 1
    if ((trouble !== 'busy' && trouble !== 'gone') || tries > MOST_TRIES) return
    retryIn.value = retryAfter ?? GONE_WAITS[Math.min(tries, GONE_WAITS.length) - 1] ?? null
    clock = setInterval(() => {
      if (retryIn.value !== null && retryIn.value > 1) retryIn.value -= 1
      else void attempt()
    }, 1000)
  }

  function rest(): void {
    running = null
    pending.value = false
    slow.value = false
    clearTimeout(patience)
  }

  function halt(): void {
    running?.abort()
    rest()
    clearTimeout(pause)
    clearInterval(clock)
    retryIn.value = null
  }

  function stop(): void {
    halt()
    newest = null
    error.value = null
  }

  onScopeDispose(stop)
  return { data, error, pending, slow, retryIn, ask, again, stop }
}
