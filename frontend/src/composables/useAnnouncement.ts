import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Generation } from './useGeneration'

const ANNOUNCE_DELAY_MS = 700
const TRUNCATED_MESSAGE = 'The prompt is too long: its end was ignored.'

/** The visible status line, and the announcement for screen readers once typing pauses. */
export function useAnnouncement(generation: Generation): { status: ComputedRef<string>; announcement: Ref<string> } {
  const status = computed(() => {
    if (generation.slow.value) return 'The server is slow to respond…'
    return generation.data.value?.truncated ? TRUNCATED_MESSAGE : ''
  })
  const summary = computed(() => {
    if (!generation.data.value) return ''
    const { pictures, prompt, truncated } = generation.data.value
    const count = pictures.length === 1 ? 'One picture' : `${pictures.length} pictures`
    if (prompt === null) return `${count}.`
    return `${count} of “${prompt}”.${truncated ? ` ${TRUNCATED_MESSAGE}` : ''}`
  })
  const announcement = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch([() => generation.data.value, generation.error, generation.slow], () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      announcement.value = generation.slow.value ? 'Still painting…' : generation.error.value ? '' : summary.value
    }, ANNOUNCE_DELAY_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { status, announcement }
}
