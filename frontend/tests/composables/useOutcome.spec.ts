import { ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useOutcome } from '../../src/composables/useOutcome'
import { PaintError } from '../../src/model/errors'

function fakeRequest(error: PaintError | null, seconds: number | null = null) {
  return { error: shallowRef(error), pending: ref(false), slow: ref(false), retryIn: ref(seconds), retry: vi.fn<() => void>() }
}

describe('useOutcome', () => {
  it('gives the error and the delay of the first request that failed', () => {
    const busy = new PaintError('busy', 'busy')
    const requests = [fakeRequest(null), fakeRequest(busy, 3), fakeRequest(new PaintError('invalid', 'invalid'))]
    const { error, retryIn } = useOutcome(requests)
    expect([error.value, retryIn.value]).toEqual([busy, 3])
    for (const request of requests) request.error.value = null
    expect([error.value, retryIn.value]).toEqual([null, null])
  })

  it('is pending and slow as soon as one request is', () => {
    const requests = [fakeRequest(null), fakeRequest(null)]
    const { pending, slow } = useOutcome(requests)
    expect([pending.value, slow.value]).toEqual([false, false])
    for (const request of requests.slice(1)) request.pending.value = request.slow.value = true
    expect([pending.value, slow.value]).toEqual([true, true])
  })

  it('retries all requests that failed, and no other', () => {
    const requests = [fakeRequest(null), fakeRequest(new PaintError('busy', 'busy')), fakeRequest(new PaintError('invalid', ''))]
    useOutcome(requests).retry()
    expect(requests.map(({ retry }) => retry.mock.calls.length)).toEqual([0, 1, 1])
  })
})
