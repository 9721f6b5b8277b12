import { PaintError, UNREACHABLE_MESSAGE } from '../model/errors'
import { isRecord } from '../model/parse'
import { authHeaders } from './apiKey'

const MAX_RETRY_SECONDS = 60
const DEFAULT_RETRY_SECONDS = 2
const JSON_LINES_TYPE = 'application/x-ndjson'

type Init = RequestInit & { signal: AbortSignal; headers: Record<string, string> }

/** Gets JSON, or null for a body that is not JSON; throws PaintError unless the request succeeds. */
export async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await send(url, { signal, headers: { Accept: 'application/json' } })
  return jsonOrNull(response)
}

/** The lines of a body of JSON lines, as many at a time as arrive together; any other body of JSON is one line. */
export async function* getJsonLines(url: string, signal: AbortSignal): AsyncGenerator<unknown[]> {
  const response = await send(url, { signal, headers: { Accept: `${JSON_LINES_TYPE}, application/json;q=0.9` } })
  if (!response.body || !response.headers.get('Content-Type')?.startsWith(JSON_LINES_TYPE)) {
    yield [await jsonOrNull(response)]
    return
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let unfinished = ''
  for (;;) {
    const { done, value } = await orUnreachable(reader.read(), signal)
    if (done) return
    const lines = (unfinished + value).split('\n')
    unfinished = lines.pop() ?? ''
    yield lines.map(parseOrNull)
  }
}

/** Gets a file; throws PaintError unless the request succeeds. */
export async function getFile(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send(url, { signal, headers: {} })
  return new Uint8Array(await orUnreachable(response.arrayBuffer(), signal))
}

/** Posts JSON and gets a file; throws PaintError unless the request succeeds. */
export async function postForFile(url: string, body: object, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await post(url, body, signal)
  return new Uint8Array(await orUnreachable(response.arrayBuffer(), signal))
}

/** Posts JSON and gets JSON, or null for a body that is not JSON; throws PaintError unless the request succeeds. */
export async function postForJson(url: string, body: object, signal: AbortSignal): Promise<unknown> {
  return jsonOrNull(await post(url, body, signal))
}

async function post(url: string, body: object, signal: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' }
  return send(url, { method: 'POST', signal, headers, body: JSON.stringify(body) })
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

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
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
