import { vi } from 'vitest'

/** The beginning of a PNG in base64, which one more character makes whole. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgA'

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

/** What the server answers to a request for pictures: as many as were asked for, from the seed that was asked for. */
export function paintings(url: URL): Answer {
  const asked = url.searchParams
  const strength = Number(asked.get('subseed_strength') ?? 0)
  const numbers = Array.from({ length: Number(asked.get('count') ?? 5) }, (_, number) => number)
  return {
    body: {
      images: numbers.map((number) => PNG + number.toString(32)),
      seeds: numbers.map((number) => Number(asked.get('seed') ?? 7) + (strength > 0 ? 0 : number)),
      subseeds: strength > 0 ? numbers.map((number) => (Number(asked.get('subseed')) + number) % 2 ** 32) : [],
      subseed_strength: strength,
      prompt: asked.get('input'),
      painter: asked.get('model') ?? 'flowers',
      truncated: false,
      truncation: Number(asked.get('truncation') ?? 1),
      strength: Number(asked.get('strength') ?? 1),
    },
  }
}

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { error: { message } } }
}

export function painters(...names: string[]): Answer {
  const all = names.map((name) => ({
    name,
    picture_size: 64,
    takes_prompt: name !== 'digits',
    takes_strength: name === 'bold',
    example_prompts: name === 'digits' ? [] : [`a blue ${name}`, `a red ${name}`],
    card: { data: { pictures: 3510 } },
    samples: `/v1/painters/${name}/samples.png`,
  }))
  return { body: { painters: all } }
}

export function response({ status = 200, headers = {}, body }: Answer): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

/** Put a server in place of the network: `answer` is given each request's path and query. */
export function serve(answer: (url: URL, init: RequestInit) => Answer | Promise<Answer>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://server/')
    asked.push(url.pathname + url.search)
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
    return response(await Promise.race([answer(url, init), aborted]))
  })
  return asked
}

/** A whole server: its painters, and their paintings. */
export function serveAll(...names: string[]): string[] {
  return serve((url) => (url.pathname === '/v1/painters' ? painters(...names) : paintings(url)))
}

/** A server that cannot be reached. */
export function unplug(): void {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
}
