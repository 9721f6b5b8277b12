import { vi } from 'vitest'

const PNG = 'iVBORw0KGgoAAAANSUhEUg=='

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

/** What a server answers to `count` pictures of a prompt. */
export function paintings(prompt: string | null, seed = 7): Answer {
  const numbers = [0, 1, 2, 3, 4]
  return {
    body: {
      images: numbers.map((number) => `${PNG}${number}`),
      seeds: numbers.map((number) => seed + number),
      prompt,
      painter: 'flowers',
      truncated: false,
    },
  }
}

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { error: { message } } }
}

export function painter(name = 'flowers', takesPrompt = true, examples: string[] = []): Answer {
  return { body: { painters: [{ name, takes_prompt: takesPrompt, example_prompts: examples }] } }
}

export function response({ status = 200, headers = {}, body }: Answer): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

/** Put a server in place of the network: `answer` is given each request's path and query. */
export function serve(answer: (url: URL) => Answer | Promise<Answer>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://server/')
    asked.push(url.pathname + url.search)
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
    return response(await Promise.race([answer(url), aborted]))
  })
  return asked
}

/** A server that cannot be reached. */
export function unplug(): void {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
}
