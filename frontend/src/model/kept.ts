import type { Picture } from './picture'

/** A picture that somebody keeps. */
export interface KeptPicture extends Picture {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Words that were painted. */
export interface PastWords {
  readonly key: string
  readonly prompt: string
  readonly seed: number | null
  readonly painter: string | null
  readonly time: number
}
