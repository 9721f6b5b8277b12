/**
 * - `unreachable`: no response
 * - `rejected`: an invalid request; the message says why
 * - `busy`: the server is overloaded; `retryAfter` says when to retry
 * - `invalid`: a malformed response, or an internal error of the server
 */
export type ErrorKind = 'unreachable' | 'rejected' | 'busy' | 'invalid'

/** Any failure of a request for pictures; its message is shown to the user. */
export class PaintError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    /** Seconds to wait before a retry, from the server's Retry-After. */
    readonly retryAfter: number | null = null,
    /** The HTTP status, if there was a response. */
    readonly status: number | null = null,
  ) {
    super(message)
  }
}

export const UNREACHABLE_MESSAGE = 'The server is not responding. Is it running?'
const INVALID_MESSAGE = 'The server sent an invalid response.'

export function invalidResponse(): PaintError {
  return new PaintError('invalid', INVALID_MESSAGE)
}
