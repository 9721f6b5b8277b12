import { describe, expect, it, vi } from 'vitest'
import type { Reply, Request } from '../../src/browser/messages'
import { WorkerChannel } from '../../src/browser/workerChannel'

function open() {
  const sent: Request[] = []
  const worker = { postMessage: (request: Request) => sent.push(request), onmessage: null, onerror: null } as unknown as Worker
  const onLoading = vi.fn()
  const channel = new WorkerChannel(worker, onLoading)
  const reply = (data: Reply) => worker.onmessage?.({ data } as MessageEvent)
  return { channel, onLoading, reply, sent, worker }
}

const { signal } = new AbortController()

describe('WorkerChannel', () => {
  it('gives each call its own parts and result, in whichever order they come', async () => {
    const { channel, reply, sent } = open()
    const parts: unknown[] = []
    const first = channel.call(signal, 'paint', 'a rose', (part) => parts.push(part))
    const second = channel.call(signal, 'paint', 'a tulip')
    expect(sent).toEqual([{ type: 'call', id: 1, method: 'paint', input: 'a rose' }, { type: 'call', id: 2, method: 'paint', input: 'a tulip' }])
    reply({ type: 'part', id: 1, value: 'half a rose' })
    reply({ type: 'result', id: 2, value: 'tulip' })
    reply({ type: 'result', id: 1, value: 'rose' })
    expect([await first, await second, parts]).toEqual(['rose', 'tulip', ['half a rose']])
  })

  it('rejects with the worker’s sentence, and on an abort tells the worker to drop the call', async () => {
    const { channel, reply, sent } = open()
    const refused = channel.call(signal, 'paint', '')
    reply({ type: 'error', id: 1, kind: 'rejected', message: 'no words' })
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', message: 'no words' })
    const controller = new AbortController()
    const dropped = channel.call(controller.signal, 'paint', 'a rose')
    controller.abort()
    await expect(dropped).rejects.toMatchObject({ name: 'AbortError' })
    expect(sent.at(-1)).toEqual({ type: 'abort', id: 2 })
    reply({ type: 'result', id: 2, value: 'too late' })
  })

  it('passes on what is loaded, and ends all calls of a worker that has crashed', async () => {
    const { channel, onLoading, reply, worker } = open()
    reply({ type: 'loading', loading: null })
    expect(onLoading).toHaveBeenCalledWith(null)
    const call = channel.call(signal, 'painters', null)
    worker.onerror?.({} as ErrorEvent)
    await expect(call).rejects.toMatchObject({ kind: 'invalid' })
  })
})
