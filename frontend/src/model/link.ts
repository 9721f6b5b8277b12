import { DEFAULT_OPTIONS, nonDefaultOptions, optionsFromText, type PaintOptions } from './paintOptions'
import type { TextLookup } from './parse'
import { parseSeed } from './seeds'
import { variationFields, variationFromText, type Variation } from './variation'

export const MIN_COUNT = 1
export const MAX_COUNT = 16
export const DEFAULT_COUNT = 5
/** In characters: an address, by which pictures are requested, holds no more, and text encoders read less. */
export const MAX_PROMPT_LENGTH = 2000
const MAX_NAME_LENGTH = 100

/** Generation parameters, as a link or the text chunks of a PNG hold them. */
export interface PaintParams {
  readonly prompt: string | null
  readonly seed: number | null
  readonly painter: string | null
  readonly count: number | null
  readonly options: PaintOptions
  readonly variation: Variation | null
}

/** Parses a link's query; invalid parameters count as missing. */
export function parseLink(search: string): PaintParams {
  const query = new URLSearchParams(search)
  return paramsFromText((name) => query.get(name))
}

/** Reads generation parameters from texts; invalid ones count as missing. */
export function paramsFromText(text: TextLookup): PaintParams {
  const count = Number(text('count') ?? NaN)
  const seed = parseSeed(text('seed') ?? '')
  const prompt = tidyPrompt(text('prompt') ?? '')
  return {
    prompt: prompt || null,
    seed,
    painter: text('painter')?.slice(0, MAX_NAME_LENGTH) || null,
    count: Number.isInteger(count) && count >= MIN_COUNT && count <= MAX_COUNT ? count : null,
    options: optionsFromText(text),
    variation: seed === null ? null : variationFromText(text),
  }
}

/** Formats a link's query, including the `?`; defaults are left out, and nothing but defaults is an empty string. */
export function formatLink(params: Partial<PaintParams>): string {
  const query = new URLSearchParams()
  if (params.prompt) query.set('prompt', params.prompt)
  if (params.seed != null) query.set('seed', String(params.seed))
  if (params.painter) query.set('painter', params.painter)
  if (params.count != null && params.count !== DEFAULT_COUNT) query.set('count', String(params.count))
  const numbers = {
    ...variationFields(params.variation ?? null),
    ...nonDefaultOptions(params.options ?? DEFAULT_OPTIONS),
  }
  for (const [name, value] of Object.entries(numbers)) query.set(name, String(value))
  const text = query.toString()
  return text && `?${text}`
}

/** Trims a prompt, collapses its white space, as the server does, and cuts it at its greatest length. */
export function tidyPrompt(text: string): string {
  return Array.from(text.trim().replace(/\s+/gu, ' ')).slice(0, MAX_PROMPT_LENGTH).join('').trimEnd()
}
