import { PaintError, UNREACHABLE_MESSAGE } from '../model/errors'
import { isRecord } from '../model/parse'
import { authHeaders } from './apiKey'

const MAX_RETRY_SECONDS = 60
const DEFAULT_RETRY_SECONDS = 2

type Init = RequestInit & { signal: AbortSignal; headers: Record<string, string> }

/** Gets JSON, or null for a body that is not JSON; throws PaintError unless the request succeeds. */
export async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await send(url, { signal, headers: { Accept: 'application/json' } })
  return jsonOrNull(response)
}

/** Posts JSON and gets a file; throws PaintError unless the request succeeds. */
export async function postForFile(url: string, body: object, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await send(url, { method: 'POST', signal, headers, body: JSON.stringify(body) })
  return new Uint8Array(await orUnreachable(response.arrayBuffer(), signal))
}

async function send(url: string, init: Init): Promise<Response> {
  const headers = { ...init.headers, ...authHeaders() }
  const response = await orUnreachable(fetch(url, { ...init, headers }), init.signal)
  if (!response.ok) throw errorOf(response, await jsonOrNull(response))
  return response
}

/** Turns a broken connection into an `unreachable` error, but passes on an abort of our own. */
async function orUnreachable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return promise.catch((cause: unknown): never => {
    if (signal.aborted) throw cause
    throw new PaintError('unreachable', UNREACHABLE_MESSAGE)
  })
}

async function jsonOrNull(response: Response): Promise<unknown> {
  return response.json().catch(() => null)
}

function errorOf(response: Response, json: unknown): PaintError {
  const { status } = response
  const error = isRecord(json) && isRecord(json['error']) ? json['error'] : {}
  const message = typeof error['message'] === 'string' ? error['message'] : null
  if (status === 503 || status === 429) {
    return new PaintError('busy', message ?? 'The server is busy.', retryAfterOf(response), status)
  }
  if (status === 502 || status === 504) return new PaintError('unreachable', UNREACHABLE_MESSAGE, null, status)
  if (status < 500) return new PaintError('rejected', message ?? 'The server rejected the request.', null, status)
  return new PaintError('invalid', message ?? 'The server failed with an internal error.', null, status)
}

/** The seconds of a Retry-After header, clamped; a date in it counts as the default. */
function retryAfterOf(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), MAX_RETRY_SECONDS) : DEFAULT_RETRY_SECONDS
}
