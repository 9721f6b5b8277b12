/** A painter of the server. */
export interface Painter {
  readonly name: string
  /** Side of its pictures in px. */
  readonly pictureSize: number | null
  readonly takesPrompt: boolean
  /** Whether it takes a prompt strength. */
  readonly takesStrength: boolean
  /** Whether its pictures have transparency. */
  readonly hasAlpha: boolean
  readonly examplePrompts: readonly string[]
  /** Without its figures in the list of painters. */
  readonly card: Readonly<Record<string, unknown>>
  /** URL of its sample grid. */
  readonly samples: string | null
}
