import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PaintError } from '../../src/model/errors'
import { useRequest } from '../../src/composables/useRequest'

interface Asked {
  word: string
  signal: AbortSignal
  answer: (text: string) => Promise<void>
  fail: (cause: unknown) => Promise<void>
}

/** A request whose answers come when the test says so. */
function heldRequest() {
  const asked: Asked[] = []
  const scope = effectScope()
  const request = scope.run(() => {
    return useRequest((signal, word: string) => {
      return new Promise<string>((resolve, reject) => {
        const settle = async (deed: () => void): Promise<void> => {
          deed()
          await vi.advanceTimersByTimeAsync(0)
        }
        asked.push({
          word,
          signal,
          answer: (text) => settle(() => resolve(text)),
          fail: (cause) => settle(() => reject(cause as Error)),
        })
      })
    })
  })
  if (!request) throw new Error('no scope')
  return { ...request, asked, scope, words: () => asked.map(({ word }) => word) }
}

const busy = new PaintError('busy', 'busy', 3)
const gone = new PaintError('gone', 'gone')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('useRequest', () => {
  it('is pending until the answer is there', async () => {
    const { data, error, pending, ask, asked } = heldRequest()
    ask('a')
    expect(pending.value).toBe(true)
    await asked[0]?.answer('A')
    expect([data.value, error.value, pending.value]).toEqual(['A', null, false])
  })

  it('keeps what it has when a request fails, and forgets the error with the next success', async () => {
    const { data, error, ask, asked } = heldRequest()
    ask('a')
    await asked[0]?.answer('A')
    ask('b')
    await asked[1]?.fail(gone)
    expect([data.value, error.value?.trouble]).toEqual(['A', 'gone'])
    ask('c')
    await asked[2]?.answer('C')
    expect([data.value, error.value]).toEqual(['C', null])
  })

  it('aborts what was asked before, and the newest wins whatever comes first', async () => {
    const { data, error, pending, ask, asked } = heldRequest()
    ask('a')
    ask('b')
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await asked[1]?.answer('B')
    await asked[0]?.answer('A')
    expect([data.value, error.value, pending.value]).toEqual(['B', null, false])
  })

  it('takes an abort for no error', async () => {
    const { error, pending, ask, asked } = heldRequest()
    ask('a')
    ask('b')
    await asked[0]?.fail(new DOMException('aborted', 'AbortError'))
    expect([error.value, pending.value]).toEqual([null, true])
  })

  it('waits for a pause in typing, and asks for the last words only', async () => {
    const { ask, words } = heldRequest()
    for (const word of ['r', 'ro', 'ros', 'rose']) {
      ask(word, 30)
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(words()).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    expect(words()).toEqual(['rose'])
  })

  it('asks a busy server again when it said to, counting down', async () => {
    const { ask, asked, retryIn, data, words } = heldRequest()
    ask('a')
    await asked[0]?.fail(busy)
    expect(retryIn.value).toBe(3)
    await vi.advanceTimersByTimeAsync(2000)
    expect([retryIn.value, asked.length]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(1000)
    expect([retryIn.value, words()]).toEqual([null, ['a', 'a']])
    await asked[1]?.answer('A')
    expect(data.value).toBe('A')
  })

  it('does not press a busy server while somebody types on: the newest words are asked for in time', async () => {
    const { ask, asked, words } = heldRequest()
    ask('a')
    await asked[0]?.fail(busy)
    ask('ab', 30)
    ask('abc', 30)
    await vi.advanceTimersByTimeAsync(2900)
    expect(words()).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(100)
    expect(words()).toEqual(['a', 'abc'])
  })

  it('asks at once when somebody presses the button, whatever waits', async () => {
    const { ask, again, asked, words } = heldRequest()
    ask('a')
    await asked[0]?.fail(busy)
    again()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(words()).toEqual(['a', 'a'])
  })

  it('looks for a server that is gone after longer and longer waits', async () => {
    const { ask, asked, retryIn } = heldRequest()
    ask('a')
    const waits = []
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await asked[attempt]?.fail(gone)
      waits.push(retryIn.value)
      await vi.advanceTimersByTimeAsync((retryIn.value ?? 0) * 1000)
    }
    expect(waits).toEqual([2, 3, 5, 8, 13, 13])
  })

  it('does not ask again what was refused', async () => {
    const { ask, asked, retryIn, words } = heldRequest()
    ask('')
    await asked[0]?.fail(new PaintError('refused', 'the prompt is empty'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect([retryIn.value, words()]).toEqual([null, ['']])
  })

  it('says that an answer takes long, until it is there', async () => {
    const { ask, asked, slow } = heldRequest()
    ask('a')
    await vi.advanceTimersByTimeAsync(1499)
    expect(slow.value).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(slow.value).toBe(true)
    await asked[0]?.answer('A')
    expect(slow.value).toBe(false)
  })

  it('aborts when its component leaves, and asks nothing any more', async () => {
    const { ask, asked, scope, words } = heldRequest()
    ask('a')
    ask('b', 30)
    scope.stop()
    await vi.advanceTimersByTimeAsync(1000)
    expect([asked[0]?.signal.aborted, words()]).toEqual([true, ['a']])
  })
})
