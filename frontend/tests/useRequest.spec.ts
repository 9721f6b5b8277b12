import { effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { PaintError } from '../src/api'
import { useRequest } from '../src/composables/useRequest'

/** A request whose answers come when the test says so. */
function heldRequest() {
  const asked: { word: string; signal: AbortSignal; answer: (text: string) => void; fail: (cause: unknown) => void }[] = []
  const scope = effectScope()
  const request = scope.run(() =>
    useRequest(
      (signal, word: string) =>
        new Promise<string>((answer, fail) => {
          asked.push({ word, signal, answer, fail })
        }),
    ),
  )
  if (!request) throw new Error('no scope')
  return { ...request, asked, scope }
}

describe('useRequest', () => {
  it('is pending until the answer is there', async () => {
    const { data, error, pending, run, asked } = heldRequest()
    const done = run('a')
    expect(pending.value).toBe(true)
    asked[0]?.answer('A')
    await done
    expect([data.value, error.value, pending.value]).toEqual(['A', null, false])
  })

  it('keeps what it has when a request fails, and forgets the error with the next success', async () => {
    const { data, error, run, asked } = heldRequest()
    const first = run('a')
    asked[0]?.answer('A')
    await first
    const second = run('b')
    asked[1]?.fail(new PaintError('gone', 'gone'))
    await second
    expect([data.value, error.value?.trouble]).toEqual(['A', 'gone'])
    const third = run('c')
    asked[2]?.answer('C')
    await third
    expect([data.value, error.value]).toEqual(['C', null])
  })

  it('aborts what was asked before, and the newest wins whatever comes first', async () => {
    const { data, error, pending, run, asked } = heldRequest()
    const old = run('a')
    const fresh = run('b')
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])
    asked[1]?.answer('B')
    await fresh
    asked[0]?.answer('A')
    await old
    expect([data.value, error.value, pending.value]).toEqual(['B', null, false])
  })

  it('takes an abort for no error', async () => {
    const { error, pending, run, asked } = heldRequest()
    const old = run('a')
    void run('b')
    asked[0]?.fail(new DOMException('aborted', 'AbortError'))
    await old
    expect([error.value, pending.value]).toEqual([null, true])
  })

  it('aborts when its component leaves', () => {
    const { run, asked, scope } = heldRequest()
    void run('a')
    scope.stop()
    expect(asked[0]?.signal.aborted).toBe(true)
  })
})
