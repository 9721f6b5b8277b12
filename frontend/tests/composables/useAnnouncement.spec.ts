import { nextTick, ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useAnnouncement } from '../../src/composables/useAnnouncement'
import type { Generation, GenerationResult } from '../../src/composables/useGeneration'
import { PaintError } from '../../src/model/errors'
import { useScope } from '../scope'

const run = useScope()

function resultOf(
  count: number,
  prompt: string | null,
  truncated = false,
  notes: readonly string[] = [],
): GenerationResult {
  return { pictures: Array(count), prompt, painter: null, truncated, notes } as unknown as GenerationResult
}

function announcing() {
  const data = shallowRef<GenerationResult | null>(null)
  const error = shallowRef<PaintError | null>(null)
  const slow = ref(false)
  const generation = { data, error, slow } as unknown as Generation
  return { data, error, slow, ...run(() => useAnnouncement(generation)) }
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

  it('shows below the prompt what is not read as it was written', () => {
    const { data, status } = announcing()
    data.value = resultOf(5, 'a rose, 8k', true, ['left out: 8k', 'far from all'])
    expect(status.value).toBe('The prompt is too long: its end was ignored. Left out: 8k. Far from all.')
    data.value = resultOf(5, 'a rose')
    expect(status.value).toBe('')
  })

  it('leaves errors to the alert', async () => {
    const { announcement, data, error } = announcing()
    data.value = resultOf(5, 'a rose')
    error.value = new PaintError('busy', 'busy')
    await pause()
    expect(announcement.value).toBe('')
  })

  it('reports a slow server, visibly too', async () => {
    const { announcement, slow, status } = announcing()
    slow.value = true
    await pause()
    expect([status.value, announcement.value]).toEqual(['The server is slow to respond…', 'Still painting…'])
  })
})
