/** Readers for untrusted values: server responses, files, links and this browser's own store. */

/** Looks up a text by its name: a link's query parameter, or a text chunk of a PNG. */
export type TextLookup = (name: string) => string | null | undefined

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The strings of an array; empty for anything else. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

export function arrayOrEmpty(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}

export function stringOr<Default>(value: unknown, other: Default): string | Default {
  return typeof value === 'string' ? value : other
}

/** A finite number, or the default. */
export function numberOr<Default>(value: unknown, other: Default): number | Default {
  return typeof value === 'number' && Number.isFinite(value) ? value : other
}

/** Parses a number from `min` to `max`; null for anything else. */
export function parseNumber(text: string | null | undefined, min: number, max: number): number | null {
  const value = Number(text?.trim() || NaN)
  return value >= min && value <= max ? value : null
}
