import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { usePaintings, type PaintingsState } from '../src/composables/usePaintings'
import { paintings, refusal, serve } from './server'

const busy = refusal(503, 'busy', { 'Retry-After': '3' })
let scope: EffectScope
let state: PaintingsState

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
  state = scope.run(usePaintings) as PaintingsState
})

afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('usePaintings', () => {
  it('asks a busy server again when it said to, counting down', async () => {
    const answers = [busy, paintings('a rose')]
    const asked = serve(() => answers.shift() ?? busy)
    await state.paint('a rose')
    expect(state.retryIn.value).toBe(3)
    await vi.advanceTimersByTimeAsync(2000)
    expect([state.retryIn.value, asked.length]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(1000)
    expect([state.retryIn.value, asked.length, state.error.value]).toEqual([null, 2, null])
    expect(state.data.value?.prompt).toBe('a rose')
  })

  it('gives up in the end', async () => {
    const asked = serve(() => busy)
    await state.paint('a rose')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([asked.length, state.retryIn.value, state.error.value?.trouble]).toEqual([6, null, 'busy'])
  })

  it('forgets the old prompt when there is a new one', async () => {
    const answers = [busy, paintings('a tulip')]
    const asked = serve(() => answers.shift() ?? busy)
    await state.paint('a rose')
    await state.paint('a tulip')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toEqual(['/?count=5&input=a+rose', '/?count=5&input=a+tulip'])
    expect(state.retryIn.value).toBeNull()
  })

  it('does not ask again what was refused', async () => {
    const asked = serve(() => refusal(400, 'the prompt is empty'))
    await state.paint('')
    await vi.advanceTimersByTimeAsync(10_000)
    expect([asked.length, state.retryIn.value]).toEqual([1, null])
  })
})
