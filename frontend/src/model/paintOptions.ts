import { numberOr, parseNumber, type TextLookup } from './parse'

/** Sampling options of a picture, under the names that the API, links and PNG files give them. */
export interface PaintOptions {
  /** 0.1 … 1; lower values give more typical and less varied pictures. */
  readonly truncation: number
  /** 0 … 1.5: how closely the prompt is followed, by painters that take a strength. */
  readonly strength: number
}

export const DEFAULT_OPTIONS: PaintOptions = { truncation: 1, strength: 1 }
export const MIN_TRUNCATION = 0.1
export const MAX_STRENGTH = 1.5

/** The options that differ from their defaults: only these go into requests and links. */
export function nonDefaultOptions({ truncation, strength }: PaintOptions): Partial<PaintOptions> {
  return {
    ...(truncation !== DEFAULT_OPTIONS.truncation && { truncation }),
    ...(strength !== DEFAULT_OPTIONS.strength && { strength }),
  }
}

/** Reads options from JSON; what is missing or invalid takes its default. */
export function optionsFromJson(fields: Readonly<Record<string, unknown>>): PaintOptions {
  return {
    truncation: numberOr(fields['truncation'], DEFAULT_OPTIONS.truncation),
    strength: numberOr(fields['strength'], DEFAULT_OPTIONS.strength),
  }
}

/** Reads options from a link or a PNG; what is missing or out of range takes its default. */
export function optionsFromText(text: TextLookup): PaintOptions {
  return {
    truncation: parseNumber(text('truncation'), MIN_TRUNCATION, 1) ?? DEFAULT_OPTIONS.truncation,
    strength: parseNumber(text('strength'), 0, MAX_STRENGTH) ?? DEFAULT_OPTIONS.strength,
  }
}
