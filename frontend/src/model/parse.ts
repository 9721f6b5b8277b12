/** What came from outside (answers, files, links, this browser's own store) is read through these, never trusted. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}

export function textOr<Default>(value: unknown, other: Default): string | Default {
  return typeof value === 'string' ? value : other
}

export function numberOr<Default>(value: unknown, other: Default): number | Default {
  return typeof value === 'number' && Number.isFinite(value) ? value : other
}

/** The number that a link or a file says, if it lies within; null for anything else. */
export function numberSaid(words: string | null | undefined, least: number, most: number): number | null {
  const value = Number(words?.trim() || NaN)
  return value >= least && value <= most ? value : null
}
