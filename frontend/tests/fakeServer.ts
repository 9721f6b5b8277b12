import { vi } from 'vitest'

/** The start of a PNG in base64; one more character completes it. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgA'

/** The start of a WebP in base64; one more character completes it. */
export const WEBP = 'UklGRgAAAABXRUJQVlA4WAoAA'

export interface Answer {
  status?: number
  headers?: Record<string, string>
  /** A text or a stream as it is, anything else as JSON. */
  body?: unknown
}

/** The response to a paint request: the requested number of pictures from the requested seed. */
export function paintings(url: URL): Answer {
  const query = url.searchParams
  const strength = Number(query.get('subseed_strength') ?? 0)
  const numbers = Array.from({ length: Number(query.get('count') ?? 5) }, (_, number) => number)
  return {
    body: {
      images: numbers.map((number) => PNG + number.toString(32)),
      seeds: numbers.map((number) => Number(query.get('seed') ?? 7) + (strength > 0 ? 0 : number)),
      subseeds: strength > 0 ? numbers.map((number) => (Number(query.get('subseed')) + number) % 2 ** 32) : [],
      subseed_strength: strength,
      prompt: query.get('input'),
      painter: query.get('model') ?? 'flowers',
      truncated: false,
      notes: [],
      truncation: Number(query.get('truncation') ?? 1),
      strength: Number(query.get('strength') ?? 1),
    },
  }
}

/** Numbers as float32 in base64. */
export function base64Of(numbers: readonly number[]): string {
  return btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(numbers).buffer)))
}

/** The response to a request of an embedding. */
export function embeddings(): Answer {
  const nearest = [{ caption: 'a white rose', similarity: 0.9 }]
  return { body: { data: [{ embedding: base64Of([0.5, -0.25]), nearest_captions: nearest }] } }
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
    has_alpha: name === 'sprites',
    example_prompts: name === 'digits' ? [] : [`a blue ${name}`, `a red ${name}`],
    card: { data: { pictures: 3510 } },
    samples: `/v1/painters/${name}/samples.webp`,
  }))
  return { body: { painters: all } }
}

export function response({ status = 200, headers = {}, body }: Answer): Response {
  const isRaw = typeof body === 'string' || body instanceof ReadableStream
  return new Response(isRaw ? body : JSON.stringify(body), { status, headers })
}

/** The response to a paint request in lines, each of which is sent once the test asks for it; `end` ends it. */
export function paintingLines(url: URL): { answer: Answer; send: () => void; end: () => void } {
  const { images, ...head } = paintings(url).body as { images: string[] }
  const lines: object[] = [head, ...images.map((image) => ({ image: image.replace(PNG, WEBP) }))]
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const send = (): void => void writer.write(new TextEncoder().encode(`${JSON.stringify(lines.shift())}\n`))
  return {
    answer: { headers: { 'Content-Type': 'application/x-ndjson' }, body: readable },
    send,
    end: () => void writer.close(),
  }
}

/** Replaces `fetch` by a server; returns the list of requested paths and queries, without the format of all pictures. */
export function serve(answer: (url: URL, init: RequestInit) => Answer | Promise<Answer>): string[] {
  const requests: string[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://server/')
    requests.push((url.pathname + url.search).replace('&format=webp', ''))
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
    return response(await Promise.race([answer(url, init), aborted]))
  })
  return requests
}

/** A complete server: its painters, their pictures and embeddings. */
export function serveAll(...names: string[]): string[] {
  return serve((url) => {
    if (url.pathname === '/v1/embeddings') return embeddings()
    return url.pathname === '/v1/painters' ? painters(...names) : paintings(url)
  })
}

/** An unreachable server. */
export function unplug(): void {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
}
