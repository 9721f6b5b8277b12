/** The server's routes, and everything that can go wrong with them, as types. */

export interface Picture {
  /** A data URL of the PNG, just as the server sent it. */
  readonly source: string
  /** What paints this very picture again; null if the server does not tell. */
  readonly seed: number | null
}

export interface Paintings {
  readonly prompt: string | null
  readonly painter: string | null
  /** Whether only the beginning of the prompt was read. */
  readonly truncated: boolean
  readonly pictures: readonly Picture[]
}

export interface PainterFacts {
  readonly name: string
  readonly takesPrompt: boolean
  readonly examplePrompts: readonly string[]
}

/**
 * - `gone`: no answer at all
 * - `refused`: the request cannot be painted; the message says why
 * - `busy`: the server has too much to do; `retryAfter` says when to ask again
 * - `broken`: an answer that makes no sense, or a fault of the server
 */
export type Trouble = 'gone' | 'refused' | 'busy' | 'broken'

export class PaintError extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    /** Seconds to wait before asking again. */
    readonly retryAfter: number | null = null,
  ) {
    super(message)
  }
}

const PNG_START = 'iVBORw0KGgo' // the first bytes of every PNG, in base64
const LONGEST_WAIT = 60
const NONSENSE = 'The server answered something that is not a painting.'

/** Ask for `count` pictures of a prompt; without a prompt, of a painter that takes none. */
export async function paint(signal: AbortSignal, prompt: string | null, count = 5): Promise<Paintings> {
  const query = new URLSearchParams({ count: String(count) })
  if (prompt !== null) query.set('input', prompt)
  return readPaintings(await getJson(`./?${query}`, signal), prompt)
}

/** Ask for the default painter of the server. */
export async function fetchPainter(signal: AbortSignal): Promise<PainterFacts> {
  const answer = await getJson('./v1/painters', signal)
  const first = isRecord(answer) && Array.isArray(answer['painters']) ? (answer['painters'][0] as unknown) : null
  if (!isRecord(first) || typeof first['name'] !== 'string') throw new PaintError('broken', NONSENSE)
  return {
    name: first['name'],
    takesPrompt: first['takes_prompt'] !== false,
    examplePrompts: strings(first['example_prompts']),
  }
}

async function getJson(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { signal, headers: { Accept: 'application/json' } }).catch(
    (cause: unknown): never => {
      if (signal.aborted) throw cause
      throw new PaintError('gone', 'The server does not answer. Is it still running?')
    },
  )
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusal(response, answer)
  return answer
}

function refusal(response: Response, answer: unknown): PaintError {
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {}
  const message = typeof error['message'] === 'string' ? error['message'] : null
  if (response.status === 503 || response.status === 429) {
    return new PaintError('busy', 'The server is busy.', waitOf(response))
  }
  if (response.status === 502 || response.status === 504) {
    return new PaintError('gone', 'The server does not answer. Is it still running?')
  }
  if (response.status < 500) return new PaintError('refused', message ?? 'The server refused this.')
  return new PaintError('broken', message ?? 'The server made a mistake.')
}

function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT) : 2
}

function readPaintings(answer: unknown, asked: string | null): Paintings {
  if (!isRecord(answer)) throw new PaintError('broken', NONSENSE)
  const images = strings(answer['images'])
  if (images.length === 0 || !images.every((image) => image.startsWith(PNG_START))) {
    throw new PaintError('broken', NONSENSE)
  }
  const seeds: unknown[] = Array.isArray(answer['seeds']) ? answer['seeds'] : []
  return {
    prompt: typeof answer['prompt'] === 'string' ? answer['prompt'] : asked,
    painter: typeof answer['painter'] === 'string' ? answer['painter'] : null,
    truncated: answer['truncated'] === true,
    pictures: images.map((image, index) => {
      const seed = seeds[index]
      return { source: `data:image/png;base64,${image}`, seed: typeof seed === 'number' ? seed : null }
    }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
