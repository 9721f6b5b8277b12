/** The worker that paints: answers calls of the page. */
import { PaintError } from '../model/errors'
import type { MorphFormat, Morph } from '../model/morph'
import type { EmbeddingRequest } from '../model/embedding'
import type { PaintRequest } from '../model/paint'
import type { Recipe } from '../model/recipe'
import type { Reply, Request } from './messages'
import { SiteEngine } from './siteEngine'

type Publish = (part: unknown) => void
type Method = (engine: SiteEngine, input: never, signal: AbortSignal, publish: Publish) => Promise<unknown>

const METHODS: Readonly<Record<string, Method>> = {
  painters: (engine) => engine.painters(),
  painter: (engine, name: string) => engine.painter(name),
  paint: (engine, request: PaintRequest, signal, publish) => engine.paint(request, signal, publish),
  png: (engine, { recipe, sidePx }: { recipe: Recipe; sidePx: number | null }) => engine.png(recipe, sidePx),
  morph: (engine, { morph, format }: { morph: Morph; format: MorphFormat }, signal) => engine.morph(morph, format, signal),
  embedding: (engine, request: EmbeddingRequest) => engine.embedding(request),
}

const running = new Map<number, AbortController>()
let engine: SiteEngine | null = null

self.onmessage = ({ data }: MessageEvent<Request>) => {
  switch (data.type) {
    case 'start':
      engine = new SiteEngine(data.base, data.savesData, (loading) => reply({ type: 'loading', loading }))
      break
    case 'call':
      void answer(data.id, data.method, data.input)
      break
    case 'abort':
      running.get(data.id)?.abort()
      break
    case 'consent':
      engine?.agree()
  }
}

async function answer(id: number, method: string, input: unknown): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const call = METHODS[method]
    if (!call || !engine) throw new PaintError('invalid', `The engine has no method ${method}.`)
    const value = await call(engine, input as never, controller.signal, (part) => reply({ type: 'part', id, value: part }))
    reply({ type: 'result', id, value })
  } catch (cause) {
    const { kind, message } = cause instanceof PaintError ? cause : { kind: 'invalid' as const, message: String(cause) }
    reply({ type: 'error', id, kind, message })
  } finally {
    running.delete(id)
  }
}

function reply(message: Reply): void {
  self.postMessage(message)
}
