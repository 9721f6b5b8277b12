import { PaintError } from '../model/errors'
import type { Loading, Reply, Request } from './messages'

/** Calls the methods of a worker. */
export class WorkerChannel {
  private lastId = 0
  private readonly calls = new Map<number, { resolve: (value: unknown) => void; reject: (cause: unknown) => void; onPart: (value: unknown) => void }>()

  constructor(
    private readonly worker: Worker,
    onLoading: (loading: Loading | null) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => (data.type === 'loading' ? onLoading(data.loading) : this.receive(data))
    worker.onerror = () => this.failAll()
  }

  send(request: Request): void {
    this.worker.postMessage(request)
  }

  /** Calls a method; `onPart` is called with what it gives before its result. An abort drops what has not begun. */
  async call<Result>(signal: AbortSignal, method: string, input: unknown, onPart: (value: Result) => void = () => undefined): Promise<Result> {
    signal.throwIfAborted()
    this.lastId += 1
    const id = this.lastId
    const result = new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject, onPart: onPart as (value: unknown) => void })
      signal.addEventListener('abort', () => {
        this.send({ type: 'abort', id })
        reject(signal.reason as Error)
      }, { once: true })
    })
    this.send({ type: 'call', id, method, input })
    return result.finally(() => this.calls.delete(id)) as Promise<Result>
  }

  private receive(reply: Exclude<Reply, { type: 'loading' }>): void {
    const call = this.calls.get(reply.id)
    if (reply.type === 'error') call?.reject(new PaintError(reply.kind, reply.message))
    else if (reply.type === 'part') call?.onPart(reply.value)
    else call?.resolve(reply.value)
  }

  private failAll(): void {
    const error = new PaintError('invalid', 'The part of the page that paints has stopped. Reload the page.')
    for (const call of this.calls.values()) call.reject(error)
  }
}
