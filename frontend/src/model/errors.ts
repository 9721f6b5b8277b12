/**
 * - `gone`: no answer at all
 * - `refused`: it cannot be painted; the message says why
 * - `busy`: the server has too much to do; `retryAfter` says when to ask again
 * - `broken`: an answer that makes no sense, or a fault of the server
 */
export type Trouble = 'gone' | 'refused' | 'busy' | 'broken'

export class PaintError extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    /** Seconds to wait before asking again, where the server said so. */
    readonly retryAfter: number | null = null,
    /** The HTTP status, where there was an answer. */
    readonly status: number | null = null,
  ) {
    super(message)
  }
}

export const GONE = 'The server does not answer. Is it still running?'
const NONSENSE = 'The server answered something that is not a painting.'

export function nonsense(): PaintError {
  return new PaintError('broken', NONSENSE)
}
