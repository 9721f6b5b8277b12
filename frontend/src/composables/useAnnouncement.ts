import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { FormState } from './useForm'
import type { Generation } from './useGeneration'
import type { Generations } from './useGenerations'
import type { LearnState, Strip } from './useLearn'
import type { MorphState } from './useMorph'
import type { Outcome } from './useOutcome'

const ANNOUNCE_DELAY_MS = 700
const TRUNCATED_MESSAGE = 'The prompt is too long: its end was ignored.'
const SLOW_MESSAGE = 'Still waiting for the pictures…'
const UNCHANGED_MARK = '\u00a0' // at the end of a sentence, so that the same one is read again

export interface AnnouncedState extends Generations {
  readonly form: FormState
  readonly learn: LearnState
  readonly morph: MorphState
  readonly outcome: Outcome
}

/** The visible status line, and the announcement for screen readers once typing pauses, of whichever view is shown. */
export function useAnnouncement(state: AnnouncedState): { status: ComputedRef<string>; announcement: Ref<string> } {
  const { comparison, form, generation, learn, morph, original, outcome, variations } = state
  const shown = computed(() => {
    const { mode } = form
    if (mode.value === 'variations' || mode.value === 'learn') return [original]
    return mode.value === 'compare' ? [generation, comparison] : mode.value === 'paint' ? [generation] : []
  })
  const remarks = computed(() => [...new Set(shown.value.flatMap(remarksOf))].join(' '))
  const emptied = computed(() => {
    const shownPrompt = shown.value[0]?.data.value?.prompt
    return form.recipe.value.prompt === '' && shownPrompt ? `The prompt is empty: these are pictures of “${shownPrompt}”.` : ''
  })
  const status = computed(() => (outcome.slow.value ? SLOW_MESSAGE : emptied.value || remarks.value))

  const summary = computed(() => {
    switch (form.mode.value) {
      case 'paint':
        return sentence([countOf(generation)])
      case 'compare':
        return sentence([countOf(generation), countOf(comparison)])
      case 'variations':
        return sentence([countOf(variations, 'variation')])
      case 'learn':
        return sentence([countOf(original), stripsOf(learn)])
      case 'morph':
        return morph.frames.data.value ? sentence([`A morph from ${nameOf(form.morph.value?.from)} to ${nameOf(form.morph.value?.to)}`]) : ''
      default:
        return ''
    }
  })
  const announcement = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  const strips = [learn.words, learn.strengths, learn.seeds].map((strip) => strip.generation)
  const results = [generation, comparison, original, variations, morph.frames, ...strips].map(({ data }) => data)
  watch([...results, summary, outcome.error, outcome.slow], () => {
    clearTimeout(timer)
    timer = setTimeout(() => announce(), ANNOUNCE_DELAY_MS)
  })
  onScopeDispose(() => clearTimeout(timer))

  function announce(): void {
    const text = `${summary.value} ${remarks.value}`.trim()
    const next = outcome.slow.value ? SLOW_MESSAGE : outcome.error.value ? '' : text
    announcement.value = next !== '' && next === announcement.value ? next + UNCHANGED_MARK : next
  }

  return { status, announcement }
}

function sentence(parts: readonly (string | null)[]): string {
  const stated = parts.filter((part) => part !== null)
  return stated.length === 0 ? '' : `${stated.join(', and ')}.`
}

/** Says how many pictures of which prompt there are; null for none yet. */
function countOf({ data }: Generation, noun = 'picture'): string | null {
  if (!data.value) return null
  const { pictures, prompt } = data.value
  const count = pictures.length === 1 ? `One ${noun}` : `${pictures.length} ${noun}s`
  const strength = pictures[0]?.variation?.strength
  return `${count}${prompt === null ? '' : ` of “${prompt}”`}${strength === undefined ? '' : ` at strength ${strength}`}`
}

/** Says how much the painted strips of Learn show; null for none yet. */
function stripsOf({ seeds, strengths, words }: LearnState): string | null {
  const strips: [Strip, string][] = [[words, 'words'], [strengths, 'strengths'], [seeds, 'seeds']]
  const counts = strips.flatMap(([{ generation, steps }, noun]) => {
    const { length } = steps.value
    return length > 0 && generation.data.value ? [`${length} ${noun}`] : []
  })
  return counts.length === 0 ? null : `beside it ${counts.join(', ')}`
}

function nameOf(end: { prompt: string | null; seed: number | null } | undefined): string {
  return end?.prompt ? `“${end.prompt}”` : `seed ${end?.seed}`
}

/** Sentences on what is not read as it was written. */
function remarksOf({ data }: Generation): string[] {
  if (!data.value) return []
  const sentences = data.value.notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`)
  return [...(data.value.truncated ? [TRUNCATED_MESSAGE] : []), ...sentences]
}
