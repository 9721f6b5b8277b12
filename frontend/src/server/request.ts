import { isRecord } from '../model/parse'
import { GONE, PaintError } from '../model/errors'
import { keyHeaders } from './key'

const LONGEST_WAIT = 60 // seconds
const USUAL_WAIT = 2

type Init = RequestInit & { signal: AbortSignal; headers: Record<string, string> }

/** Ask for JSON; throws PaintError for everything that is no success. What is no JSON is `null`. */
export async function getJson(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await ask(address, { signal, headers: { Accept: 'application/json' } })
  return jsonOf(response)
}

/** Send JSON and get a file; throws PaintError for everything that is no success. */
export async function postForFile(address: string, body: object, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await ask(address, { method: 'POST', signal, headers, body: JSON.stringify(body) })
  return new Uint8Array(await unlessGone(response.arrayBuffer(), signal))
}

async function ask(address: string, init: Init): Promise<Response> {
  const headers = { ...init.headers, ...keyHeaders() }
  const response = await unlessGone(fetch(address, { ...init, headers }), init.signal)
  if (!response.ok) throw refusal(response, await jsonOf(response))
  return response
}

/** A connection that breaks is a server that is gone; one that we ended ourselves is not. */
async function unlessGone<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return answer.catch((cause: unknown): never => {
    if (signal.aborted) throw cause
    throw new PaintError('gone', GONE)
  })
}

async function jsonOf(response: Response): Promise<unknown> {
  return response.json().catch(() => null)
}

function refusal(response: Response, answer: unknown): PaintError {
  const { status } = response
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {}
  const message = typeof error['message'] === 'string' ? error['message'] : null
  if (status === 503 || status === 429) {
    return new PaintError('busy', message ?? 'The server has too much to do.', waitOf(response), status)
  }
  if (status === 502 || status === 504) return new PaintError('gone', GONE, null, status)
  if (status < 500) return new PaintError('refused', message ?? 'The server refused this.', null, status)
  return new PaintError('broken', message ?? 'The server made a mistake.', null, status)
}

function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT) : USUAL_WAIT
}
