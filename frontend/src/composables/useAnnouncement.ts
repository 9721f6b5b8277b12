import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Generation, GenerationResult } from './useGeneration'

const ANNOUNCE_DELAY_MS = 700
const TRUNCATED_MESSAGE = 'The prompt is too long: its end was ignored.'

/** The visible status line, and the announcement for screen readers once typing pauses. */
export function useAnnouncement(generation: Generation): { status: ComputedRef<string>; announcement: Ref<string> } {
  const status = computed(() => {
    if (generation.slow.value) return 'The server is slow to respond…'
    return generation.data.value ? remarks(generation.data.value) : ''
  })
  const summary = computed(() => {
    if (!generation.data.value) return ''
    const { pictures, prompt } = generation.data.value
    const count = pictures.length === 1 ? 'One picture' : `${pictures.length} pictures`
    if (prompt === null) return `${count}.`
    return `${count} of “${prompt}”. ${remarks(generation.data.value)}`.trim()
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

/** Sentences on what is not read as it was written. */
function remarks({ truncated, notes }: GenerationResult): string {
  const sentences = notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`)
  return [...(truncated ? [TRUNCATED_MESSAGE] : []), ...sentences].join(' ')
}
