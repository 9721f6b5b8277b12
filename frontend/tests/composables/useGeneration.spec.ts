import { nextTick, shallowRef, type Ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { HEAD_START_MS, TYPING_DELAY_MS, useGeneration, type Generation, type GenerationRequest } from '../../src/composables/useGeneration'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import type { PaintRequest } from '../../src/model/paint'
import { settle, useScope } from '../scope'
import { paintingLines, paintings, PNG, refusal, serve, type Answer } from '../fakeServer'

const run = useScope()

const ROSE: PaintRequest = { prompt: 'a rose', seed: 7, count: 1, painter: null, options: DEFAULT_OPTIONS, variation: null }

function requestFor(prompt: string, ...seeds: number[]): GenerationRequest {
  return (seeds.length > 0 ? seeds : [7]).map((seed) => ({ ...ROSE, prompt, seed }))
}

interface HeldGeneration {
  generation: Generation
  request: Ref<GenerationRequest | null>
  /** The prompts sent so far. */
  prompts: string[]
  /** Lets the server respond. */
  answer: () => Promise<void>
}

/** A generation of a server whose responses wait for the test. */
function heldGeneration(first: GenerationRequest | null): HeldGeneration {
  const answers: (() => void)[] = []
  const prompts: string[] = []
  serve((url) => {
    prompts.push(url.searchParams.get('input') ?? '')
    return new Promise<Answer>((resolve) => answers.push(() => resolve(paintings(url))))
  })
  const request = shallowRef(first)
  const generation = run(() => useGeneration(request))
  const answer = async (): Promise<void> => {
    answers.splice(0).forEach((respond) => respond())
    await vi.advanceTimersByTimeAsync(0)
  }
  return { generation, request, prompts, answer }
}

describe('useGeneration', () => {
  it('sends the first key after a pause at once', async () => {
    const { request, prompts, answer } = heldGeneration(requestFor('r'))
    expect(prompts).toEqual(['r'])
    await answer()
    request.value = requestFor('ro')
    await nextTick()
    expect(prompts).toEqual(['r', 'ro'])
  })

  it('debounces typing while a request is pending, and shows the last prompt’s pictures', async () => {
    const { generation, request, prompts, answer } = heldGeneration(requestFor('r'))
    for (const prompt of ['ro', 'ros', 'rose']) {
      request.value = requestFor(prompt)
      await vi.advanceTimersByTimeAsync(TYPING_DELAY_MS - 1)
    }
    expect(prompts).toEqual(['r'])
    await vi.advanceTimersByTimeAsync(1)
    expect(prompts).toEqual(['r', 'rose'])
    await answer()
    expect(generation.data.value?.prompt).toBe('rose')
  })

  it('waits for Retry-After, whatever is typed meanwhile', async () => {
    const requests = serve(() => refusal(503, 'busy', { 'Retry-After': '3' }))
    const request = shallowRef<GenerationRequest | null>(requestFor('r'))
    run(() => useGeneration(request))
    await settle(100)
    request.value = requestFor('ro')
    await settle(1000)
    expect(requests).toHaveLength(1)
  })

  it('sends no request twice, and keeps the pictures if there is no request', async () => {
    const { generation, request, prompts, answer } = heldGeneration(requestFor('a rose'))
    await answer()
    request.value = requestFor('a rose')
    await nextTick()
    request.value = null
    await nextTick()
    expect(prompts).toEqual(['a rose'])
    expect(generation.data.value?.prompt).toBe('a rose')
  })

  it('drops the pictures at once when another painter is to paint', async () => {
    const { generation, request, answer } = heldGeneration([ROSE])
    await answer()
    request.value = [{ ...ROSE, painter: 'shapes' }]
    await nextTick()
    expect(generation.data.value).toBeNull()
  })

  it('gives the first batch a head start, and joins the pictures of all in their order', async () => {
    const { generation, prompts, answer } = heldGeneration(requestFor('a rose', 3, 9))
    await vi.advanceTimersByTimeAsync(HEAD_START_MS - 1)
    expect(prompts).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(prompts).toHaveLength(2)
    await answer()
    expect(generation.data.value?.pictures.map(({ seed }) => seed)).toEqual([3, 9])
    expect(new Set(generation.data.value?.pictures.map(({ id }) => id)).size).toBe(2)
  })

  it('does not send the other batches of a prompt that is no longer wanted', async () => {
    const { request, prompts } = heldGeneration(requestFor('a rose', 3, 9))
    request.value = null
    await settle(100)
    expect(prompts).toEqual(['a rose'])
  })

  it('shows pictures as they arrive, and keeps earlier ones in the other places', async () => {
    const { generation, request, answer } = heldGeneration([{ ...ROSE, count: 3 }])
    await answer()
    const lines = paintingLines(new URL('http://server/?count=3&input=a+tulip'))
    serve(() => lines.answer)
    request.value = [{ ...ROSE, prompt: 'a tulip', count: 3 }]
    await nextTick()
    lines.send()
    lines.send()
    await vi.waitFor(() => expect(generation.data.value?.pictures[0]?.prompt).toBe('a tulip'))
    expect(generation.data.value?.pictures.map(({ prompt }) => prompt)).toEqual(['a tulip', 'a rose', 'a rose'])
    expect(generation.pending.value).toBe(true)
    lines.send()
    lines.send()
    lines.end()
    await vi.waitFor(() => expect(generation.pending.value).toBe(false))
    expect(generation.data.value?.pictures.map(({ prompt }) => prompt)).toEqual(['a tulip', 'a tulip', 'a tulip'])
  })

  it('reports a broken picture, and keeps the previous pictures', async () => {
    const { generation, request, answer } = heldGeneration(requestFor('a rose'))
    await answer()
    serve(() => ({ body: { images: [`${PNG}!`] } }))
    request.value = requestFor('a tulip')
    await settle(20)
    expect(generation.error.value?.kind).toBe('invalid')
    expect(generation.data.value?.prompt).toBe('a rose')
  })
})
