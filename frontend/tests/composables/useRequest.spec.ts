import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PaintError } from '../../src/model/errors'
import { useRequest } from '../../src/composables/useRequest'

interface SentRequest {
  text: string
  signal: AbortSignal
  answer: (response: string) => Promise<void>
  fail: (cause: unknown) => Promise<void>
}

/** A request whose responses wait for the test. */
function heldRequest() {
  const sent: SentRequest[] = []
  const scope = effectScope()
  const request = scope.run(() => {
    return useRequest((signal, text: string) => {
      return new Promise<string>((resolve, reject) => {
        const settle = async (callback: () => void): Promise<void> => {
          callback()
          await vi.advanceTimersByTimeAsync(0)
        }
        sent.push({
          text,
          signal,
          answer: (response) => settle(() => resolve(response)),
          fail: (cause) => settle(() => reject(cause as Error)),
        })
      })
    })
  })
  if (!request) throw new Error('no scope')
  return { ...request, sent, scope, texts: () => sent.map(({ text }) => text) }
}

const busy = new PaintError('busy', 'busy', 3)
const unreachable = new PaintError('unreachable', 'unreachable')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('useRequest', () => {
  it('is pending until the response arrives', async () => {
    const { data, error, pending, send, sent } = heldRequest()
    send('a')
    expect(pending.value).toBe(true)
    await sent[0]?.answer('A')
    expect([data.value, error.value, pending.value]).toEqual(['A', null, false])
  })

  it('keeps its data when a request fails, and clears the error on success', async () => {
    const { data, error, send, sent } = heldRequest()
    send('a')
    await sent[0]?.answer('A')
    send('b')
    await sent[1]?.fail(unreachable)
    expect([data.value, error.value?.kind]).toEqual(['A', 'unreachable'])
    send('c')
    await sent[2]?.answer('C')
    expect([data.value, error.value]).toEqual(['C', null])
  })

  it('aborts the previous request, and the latest wins whatever arrives first', async () => {
    const { data, error, pending, send, sent } = heldRequest()
    send('a')
    send('b')
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await sent[1]?.answer('B')
    await sent[0]?.answer('A')
    expect([data.value, error.value, pending.value]).toEqual(['B', null, false])
  })

  it('does not report an abort as an error', async () => {
    const { error, pending, send, sent } = heldRequest()
    send('a')
    send('b')
    await sent[0]?.fail(new DOMException('aborted', 'AbortError'))
    expect([error.value, pending.value]).toEqual([null, true])
  })

  it('debounces, and sends the last call only', async () => {
    const { send, texts } = heldRequest()
    for (const text of ['r', 'ro', 'ros', 'rose']) {
      send(text, 30)
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(texts()).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    expect(texts()).toEqual(['rose'])
  })

  it('retries a busy server after Retry-After, counting down', async () => {
    const { send, sent, retryIn, data, texts } = heldRequest()
    send('a')
    await sent[0]?.fail(busy)
    expect(retryIn.value).toBe(3)
    await vi.advanceTimersByTimeAsync(2000)
    expect([retryIn.value, sent.length]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(1000)
    expect([retryIn.value, texts()]).toEqual([null, ['a', 'a']])
    await sent[1]?.answer('A')
    expect(data.value).toBe('A')
  })

  it('keeps waiting for a busy server during typing, then sends the latest text', async () => {
    const { send, sent, texts } = heldRequest()
    send('a')
    await sent[0]?.fail(busy)
    send('ab', 30)
    send('abc', 30)
    await vi.advanceTimersByTimeAsync(2900)
    expect(texts()).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(100)
    expect(texts()).toEqual(['a', 'abc'])
  })

  it('retries at once on demand', async () => {
    const { send, retry, sent, texts } = heldRequest()
    send('a')
    await sent[0]?.fail(busy)
    retry()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(texts()).toEqual(['a', 'a'])
  })

  it('retries an unreachable server after growing delays', async () => {
    const { send, sent, retryIn } = heldRequest()
    send('a')
    const delays = []
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await sent[attempt]?.fail(unreachable)
      delays.push(retryIn.value)
      await vi.advanceTimersByTimeAsync((retryIn.value ?? 0) * 1000)
    }
    expect(delays).toEqual([2, 3, 5, 8, 13, 13])
  })

  it('does not retry a rejected request', async () => {
    const { send, sent, retryIn, texts } = heldRequest()
    send('')
    await sent[0]?.fail(new PaintError('rejected', 'the prompt is empty'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect([retryIn.value, texts()]).toEqual([null, ['']])
  })

  it('reports a slow response until it arrives', async () => {
    const { send, sent, slow } = heldRequest()
    send('a')
    await vi.advanceTimersByTimeAsync(1499)
    expect(slow.value).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(slow.value).toBe(true)
    await sent[0]?.answer('A')
    expect(slow.value).toBe(false)
  })

  it('aborts when its component is unmounted, and sends nothing more', async () => {
    const { send, sent, scope, texts } = heldRequest()
    send('a')
    send('b', 30)
    scope.stop()
    await vi.advanceTimersByTimeAsync(1000)
    expect([sent[0]?.signal.aborted, texts()]).toEqual([true, ['a']])
  })
})
