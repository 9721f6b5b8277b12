import type { Manner } from './manner'
import type { Variation } from './variation'

export interface Picture {
  /** A data URL of the PNG, just as the server sent it. */
  readonly source: string
  readonly prompt: string | null
  /** What paints this very picture again; null if the server does not tell. */
  readonly seed: number | null
  readonly painter: string | null
  readonly manner: Manner
  /** Where it lies beside its seed's own picture, if it does. */
  readonly variation: Variation | null
}
