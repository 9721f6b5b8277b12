import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { PaintError } from '../api'

export interface RequestState<Arguments extends unknown[], Answer> {
  data: ShallowRef<Answer | null>
  error: ShallowRef<PaintError | null>
  pending: Ref<boolean>
  run: (...parameters: Arguments) => Promise<void>
}

/** A request that may be asked again and again: a new one aborts the one before, and the newest wins. */
export function useRequest<Arguments extends unknown[], Answer>(
  load: (signal: AbortSignal, ...parameters: Arguments) => Promise<Answer>,
): RequestState<Arguments, Answer> {
  const data = shallowRef<Answer | null>(null)
  const error = shallowRef<PaintError | null>(null)
  const pending = ref(false)
  let newest: AbortController | null = null

  async function run(...parameters: Arguments): Promise<void> {
    newest?.abort()
    const mine = new AbortController()
    newest = mine
    pending.value = true
    try {
      const answer = await load(mine.signal, ...parameters)
      if (newest !== mine) return
      data.value = answer
      error.value = null
    } catch (cause) {
      if (newest !== mine) return
      error.value = cause instanceof PaintError ? cause : new PaintError('broken', 'The page made a mistake.')
    } finally {
      if (newest === mine) pending.value = false
    }
  }

  onScopeDispose(() => {
    newest?.abort()
    newest = null
  })
  return { data, error, pending, run }
}
