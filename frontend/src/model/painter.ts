import { invalidResponse } from './errors'
import { isRecord, numberOr, stringOr, stringsOf } from './parse'

/** A painter of the engine. */
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

/** Reads a painter's description; throws PaintError for anything else. */
export function parsePainter(fields: unknown): Painter {
  if (!isRecord(fields) || typeof fields['name'] !== 'string') throw invalidResponse()
  const samples = stringOr(fields['samples'], '')
  return {
    name: fields['name'],
    pictureSize: numberOr(fields['picture_size'], null),
    takesPrompt: fields['takes_prompt'] !== false,
    takesStrength: fields['takes_strength'] === true,
    hasAlpha: fields['has_alpha'] === true,
    examplePrompts: stringsOf(fields['example_prompts']),
    card: isRecord(fields['card']) ? fields['card'] : {},
    samples: /^\/(?!\/)/.test(samples) ? `.${samples}` : null, // same-origin only, wherever the server is mounted
  }
}
