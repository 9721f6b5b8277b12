import type { Embedding, EmbeddingRequest } from './embedding'
import type { Morph, MorphFormat, MorphKind } from './morph'
import type { PaintRequest, PaintResponse } from './paint'
import type { Painter } from './painter'
import type { Recipe } from './recipe'

export type File = Uint8Array<ArrayBuffer>

/** What paints for the page: a server, or the visitor's browser. All methods reject with a PaintError. */
export interface Engine {
  /** Its painters, the default first; none of a server that paints from prompts alone. */
  painters: (signal: AbortSignal) => Promise<Painter[]>
  /** One painter, whose card has the figures too. */
  painter: (signal: AbortSignal, name: string) => Promise<Painter>
  /** Pictures; `onPart` is called with the first ones whenever more of them are painted. */
  paint: (signal: AbortSignal, request: PaintRequest, onPart?: (part: PaintResponse) => Promise<void>) => Promise<PaintResponse>
  /** A picture's PNG, byte for byte the same each time; `sidePx`: enlarged. */
  png: (signal: AbortSignal, recipe: Recipe, sidePx?: number | null) => Promise<File>
  /** A morph as an animated file. */
  morph: (signal: AbortSignal, morph: Morph, format: MorphFormat) => Promise<File>
  embedding: (signal: AbortSignal, request: EmbeddingRequest) => Promise<Embedding>
  /** Whether there is an API at the page's address. */
  readonly hasApi: boolean
  /** The kinds of file that morphs can be had as. */
  readonly morphKinds: readonly MorphKind[]
}
