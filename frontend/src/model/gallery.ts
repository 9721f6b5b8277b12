import type { Recipe } from './recipe'

/** A picture saved in this browser; its PNG is stored apart, so that many of them are listed at once. */
export interface SavedPicture extends Recipe {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** A data URL of the picture, small. */
  readonly thumbnail: string
  /** Whether it has transparency. */
  readonly hasAlpha: boolean
}

/** A grid of pictures that was painted in this browser. */
export interface HistoryEntry {
  /** The grid's link. */
  readonly key: string
  /** A data URL of its first picture, small; empty for none. */
  readonly thumbnail: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Whether a link's prompt begins with that of an earlier one, all else equal: it was still being typed. */
export function isContinuation(link: string, earlier: string): boolean {
  const [query, earlierQuery] = [new URLSearchParams(link), new URLSearchParams(earlier)]
  const isLonger = query.get('prompt')?.startsWith(earlierQuery.get('prompt') ?? '') ?? false
  query.delete('prompt')
  earlierQuery.delete('prompt')
  return isLonger && String(query) === String(earlierQuery)
}
