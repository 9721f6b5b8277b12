import { nonDefaultOptions, optionsFromJson, optionsFromText, type PaintOptions } from './paintOptions'
import { isRecord, numberOr, stringOr, type TextLookup } from './parse'
import { parseSeed } from './seeds'
import { variationFields, variationFromText, type Variation } from './variation'

/** In characters: an address, by which pictures are requested, holds no more, and text encoders read less. */
export const MAX_PROMPT_LENGTH = 2000
const MAX_NAME_LENGTH = 100

/** Everything that a picture is painted from: the same recipe gives the same picture. */
export interface Recipe {
  /** Null for a painter that takes no prompt. */
  readonly prompt: string | null
  /** Null for a server that returns no seeds. */
  readonly seed: number | null
  /** Null for the server's default painter. */
  readonly painter: string | null
  readonly options: PaintOptions
  /** Null for the seed's own picture. */
  readonly variation: Variation | null
}

/** The recipe alone, of what has more fields than that. */
export function recipeOf({ prompt, seed, painter, options, variation }: Recipe): Recipe {
  return { prompt, seed, painter, options, variation }
}

/** Control, format, surrogate and private-use characters, except white space and the joiners of some scripts and emoji. */
const INVISIBLE_PATTERN = /\ufeff|[^\P{C}\p{Cn}\s\u200c\u200d]/gu

/** Drops what is invisible of a prompt, collapses its white space, as the server does, and cuts it at its greatest length. */
export function tidyPrompt(text: string): string {
  const visible = text.replace(INVISIBLE_PATTERN, '')
  return Array.from(visible.trim().replace(/\s+/gu, ' ')).slice(0, MAX_PROMPT_LENGTH).join('').trimEnd()
}

/** A recipe under the names that links and files give its parts; defaults are left out. */
export function recipeFields({ prompt, seed, painter, options, variation }: Recipe): Record<string, string | number> {
  const tidy = tidyPrompt(prompt ?? '')
  return {
    ...(tidy && { prompt: tidy }),
    ...(seed !== null && { seed }),
    ...(painter && { painter }),
    ...variationFields(variation),
    ...nonDefaultOptions(options),
  }
}

/** Reads a recipe from a link or a file; what is missing or invalid is null, or its default. */
export function recipeFromText(text: TextLookup): Recipe {
  const seed = parseSeed(text('seed') ?? '')
  return {
    prompt: tidyPrompt(text('prompt') ?? '') || null,
    seed,
    painter: text('painter')?.slice(0, MAX_NAME_LENGTH) || null,
    options: optionsFromText(text),
    variation: seed === null ? null : variationFromText(text),
  }
}

/** Reads a recipe from this browser's own store; what is missing or invalid is null, or its default. */
export function recipeFromJson(fields: Readonly<Record<string, unknown>>): Recipe {
  const { options, variation } = fields
  return {
    prompt: stringOr(fields['prompt'], null),
    seed: numberOr(fields['seed'], null),
    painter: stringOr(fields['painter'], null),
    options: optionsFromJson(isRecord(options) ? options : {}),
    variation: isRecord(variation) ? variationFromJson(variation) : null,
  }
}

function variationFromJson({ subseed, strength }: Record<string, unknown>): Variation | null {
  return typeof subseed === 'number' && typeof strength === 'number' ? { subseed, strength } : null
}
