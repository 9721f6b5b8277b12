import { ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useFirstError } from '../../src/composables/useFirstError'
import { PaintError } from '../../src/model/errors'

function fakeRequest(error: PaintError | null, seconds: number | null = null) {
  return { error: shallowRef(error), retryIn: ref(seconds), retry: vi.fn<() => void>() }
}

describe('useFirstError', () => {
  it('gives the error and the delay of the first request that failed', () => {
    const busy = new PaintError('busy', 'busy')
    const requests = [fakeRequest(null), fakeRequest(busy, 3), fakeRequest(new PaintError('invalid', 'invalid'))]
    const { error, retryIn } = useFirstError(requests)
    expect([error.value, retryIn.value]).toEqual([busy, 3])
    for (const request of requests) request.error.value = null
    expect([error.value, retryIn.value]).toEqual([null, null])
  })

  it('retries all requests that failed, and no other', () => {
    const requests = [fakeRequest(null), fakeRequest(new PaintError('busy', 'busy')), fakeRequest(new PaintError('invalid', ''))]
    useFirstError(requests).retry()
    expect(requests.map(({ retry }) => retry.mock.calls.length)).toEqual([0, 1, 1])
  })
})
