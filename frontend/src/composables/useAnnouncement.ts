import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { ShownPaintings, WallOrder } from './usePaintings'
import type { RequestState } from './useRequest'

const PAUSE_MS = 700

/** What cannot be seen on the wall, in words, and all of it, to be spoken when typing pauses. */
export function useAnnouncement(wall: RequestState<WallOrder, ShownPaintings>): {
  state: ComputedRef<string>
  spoken: Ref<string>
} {
  const state = computed(() => {
    if (wall.slow.value) return 'The server takes its time…'
    return wall.data.value?.truncated ? 'The prompt is long: only its beginning was read.' : ''
  })
  const caption = computed(() => {
    if (!wall.data.value) return ''
    const { pictures, prompt, truncated } = wall.data.value
    const what = pictures.length === 1 ? 'One picture' : `${pictures.length} pictures`
    if (prompt === null) return `${what}.`
    return `${what} of “${prompt}”.${truncated ? ' The prompt is long: only its beginning was read.' : ''}`
  })
  const spoken = ref('')
  let pause: ReturnType<typeof setTimeout> | undefined
  watch([() => wall.data.value, wall.error, wall.slow], () => {
    clearTimeout(pause)
    pause = setTimeout(() => {
      spoken.value = wall.slow.value ? 'Still painting…' : wall.error.value ? '' : caption.value
    }, PAUSE_MS)
  })
  onScopeDispose(() => clearTimeout(pause))
  return { state, spoken }
}
