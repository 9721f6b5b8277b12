import type { PaintOptions } from './paintOptions'
import type { Variation } from './variation'

/** A painted picture, and the parameters that reproduce it. */
export interface Picture {
  /** A data URL of the PNG, byte for byte as the server sent it. */
  readonly source: string
  readonly prompt: string | null
  /** Null for a server that returns no seeds. */
  readonly seed: number | null
  readonly painter: string | null
  readonly options: PaintOptions
  /** Null for the seed's own picture. */
  readonly variation: Variation | null
}
