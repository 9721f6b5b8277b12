export interface Painter {
  readonly name: string
  /** Side of its pictures in px. */
  readonly pictureSize: number | null
  readonly takesPrompt: boolean
  /** Whether it can be told how closely to follow a prompt. */
  readonly takesStrength: boolean
  readonly examplePrompts: readonly string[]
  readonly card: Readonly<Record<string, unknown>>
  /** Where a picture of its samples is. */
  readonly samples: string | null
}
