import { numberOr, numberSaid } from './parse'

/** How pictures are painted, beside what they show and by which seeds: by the names that the API, links and files have. */
export interface Manner {
  /** 0.1 … 1; below 1, pictures are more typical and more alike. */
  readonly truncation: number
  /** 0 … 1.5: how closely the prompt is followed, by painters that can be told. */
  readonly strength: number
}

export const PLAIN: Manner = { truncation: 1, strength: 1 }
export const LEAST_TRUNCATION = 0.1
export const MOST_STRENGTH = 1.5

/** What of it differs from what is usual; only this is told to others. */
export function unusual(manner: Manner): Partial<Manner> {
  const { truncation, strength } = manner
  return { ...(truncation !== PLAIN.truncation && { truncation }), ...(strength !== PLAIN.strength && { strength }) }
}

/** As a server's answer or this browser's store says it. */
export function mannerOf(told: Readonly<Record<string, unknown>>): Manner {
  return { truncation: numberOr(told['truncation'], PLAIN.truncation), strength: numberOr(told['strength'], PLAIN.strength) }
}

/** As a link or a file says it; what makes no sense is as usual. */
export function readManner(told: (name: string) => string | null | undefined): Manner {
  return {
    truncation: numberSaid(told('truncation'), LEAST_TRUNCATION, 1) ?? PLAIN.truncation,
    strength: numberSaid(told('strength'), 0, MOST_STRENGTH) ?? PLAIN.strength,
  }
}
