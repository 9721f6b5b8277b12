import type { Picture } from './picture'

/** A picture saved in this browser. */
export interface SavedPicture extends Picture {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** A prompt that was painted in this browser. */
export interface HistoryEntry {
  readonly key: string
  readonly prompt: string
  readonly seed: number | null
  readonly painter: string | null
  /** Milliseconds since 1970. */
  readonly time: number
}
