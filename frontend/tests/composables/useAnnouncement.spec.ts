import { computed, nextTick, ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useAnnouncement } from '../../src/composables/useAnnouncement'
import type { FormState } from '../../src/composables/useForm'
import type { Generation, GenerationResult } from '../../src/composables/useGeneration'
import type { LearnState } from '../../src/composables/useLearn'
import type { MorphState } from '../../src/composables/useMorph'
import type { Outcome } from '../../src/composables/useOutcome'
import { PaintError } from '../../src/model/errors'
import type { Mode } from '../../src/model/view'
import { useScope } from '../scope'

const run = useScope()

function resultOf(
  count: number,
  prompt: string | null,
  truncated = false,
  notes: readonly string[] = [],
): GenerationResult {
  return { pictures: Array(count).fill({}), prompt, painter: null, truncated, notes } as unknown as GenerationResult
}

const fakeStrip = (count: number) => ({ steps: computed(() => Array(count).fill({})), generation: fakeGeneration() })
const fakeGeneration = (): Generation => ({ data: shallowRef(null) }) as unknown as Generation

function announcing(mode: Mode = 'paint') {
  const generations = {
    generation: fakeGeneration(), comparison: fakeGeneration(), original: fakeGeneration(), variations: fakeGeneration(),
  }
  const error = shallowRef<PaintError | null>(null)
  const slow = ref(false)
  const frames = shallowRef<object | null>(null)
  const ends = { from: { prompt: 'a rose', seed: 7 }, to: { prompt: null, seed: 9 } }
  const recipe = ref({ prompt: 'a rose' })
  const learn = { words: fakeStrip(3), strengths: fakeStrip(0), seeds: fakeStrip(7) }
  const state = {
    ...generations,
    learn: learn as unknown as LearnState,
    form: { mode: computed(() => mode), morph: computed(() => ends), recipe } as unknown as FormState,
    morph: { frames: { data: frames } } as unknown as MorphState,
    outcome: { error, slow } as unknown as Outcome,
  }
  return { ...generations, learn, data: generations.generation.data, error, frames, recipe, slow, ...run(() => useAnnouncement(state)) }
}

async function pause(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(700)
}

describe('useAnnouncement', () => {
  it.each([
    [resultOf(5, 'a rose'), '5 pictures of “a rose”.'],
    [resultOf(1, 'a rose'), 'One picture of “a rose”.'],
    [resultOf(5, null), '5 pictures.'],
    [resultOf(5, 'a rose', true), '5 pictures of “a rose”. The prompt is too long: its end was ignored.'],
    [resultOf(1, 'a cat', false, ['far from all']), 'One picture of “a cat”. Far from all.'],
  ])('announces the pictures once typing pauses', async (result, text) => {
    const { announcement, data } = announcing()
    data.value = result
    await nextTick()
    await vi.advanceTimersByTimeAsync(699)
    expect(announcement.value).toBe('')
    await vi.advanceTimersByTimeAsync(1)
    expect(announcement.value).toBe(text)
  })

  it('announces both prompts of a comparison', async () => {
    const { announcement, comparison, generation } = announcing('compare')
    generation.data.value = resultOf(5, 'a rose')
    comparison.data.value = resultOf(5, 'a tulip', false, ['far from all'])
    await pause()
    expect(announcement.value).toBe('5 pictures of “a rose”, and 5 pictures of “a tulip”. Far from all.')
    comparison.data.value = resultOf(5, 'a lily')
    await pause()
    expect(announcement.value).toBe('5 pictures of “a rose”, and 5 pictures of “a lily”.')
  })

  it('announces variations and morphs', async () => {
    const { announcement, variations } = announcing('variations')
    const pictures = Array(6).fill({ variation: { subseed: 1, strength: 0.3 } })
    variations.data.value = { ...resultOf(6, 'a rose'), pictures }
    await pause()
    expect(announcement.value).toBe('6 variations of “a rose” at strength 0.3.')
    const { announcement: ofMorph, frames } = announcing('morph')
    frames.value = []
    await pause()
    expect(ofMorph.value).toBe('A morph from “a rose” to seed 9.')
  })

  it('announces the strips of Learn that are painted', async () => {
    const { announcement, learn, original, status } = announcing('learn')
    original.data.value = resultOf(1, 'a rose', false, ['far from all'])
    learn.words.generation.data.value = resultOf(3, 'a rose')
    await pause()
    expect(announcement.value).toBe('One picture of “a rose”, and beside it 3 words. Far from all.')
    learn.seeds.generation.data.value = resultOf(7, 'a rose')
    await pause()
    expect(announcement.value).toBe('One picture of “a rose”, and beside it 3 words, 7 seeds. Far from all.')
    expect(status.value).toBe('Far from all.')
  })

  it('announces equal sentences again', async () => {
    const { announcement, data } = announcing()
    data.value = resultOf(5, 'a rose')
    await pause()
    const first = announcement.value
    data.value = resultOf(5, 'a rose')
    await pause()
    expect(announcement.value).not.toBe(first)
    expect(announcement.value.trim()).toBe(first)
  })

  it('shows below the prompt what is not read as it was written', () => {
    const { data, status } = announcing()
    data.value = resultOf(5, 'a rose, 8k', true, ['left out: 8k', 'far from all'])
    expect(status.value).toBe('The prompt is too long: its end was ignored. Left out: 8k. Far from all.')
    data.value = resultOf(5, 'a rose')
    expect(status.value).toBe('')
  })

  it('says whose pictures are left when the prompt is empty', () => {
    const { data, recipe, status } = announcing()
    recipe.value = { prompt: '' }
    expect(status.value).toBe('')
    data.value = resultOf(5, 'a cat', false, ['far from all'])
    expect(status.value).toBe('The prompt is empty: these are pictures of “a cat”.')
  })

  it('leaves errors to the alert', async () => {
    const { announcement, data, error } = announcing()
    data.value = resultOf(5, 'a rose')
    error.value = new PaintError('busy', 'busy')
    await pause()
    expect(announcement.value).toBe('')
  })

  it('reports slow pictures, visibly too', async () => {
    const { announcement, slow, status } = announcing()
    slow.value = true
    await pause()
    expect([status.value, announcement.value]).toEqual(Array(2).fill('Still waiting for the pictures…'))
  })
})
