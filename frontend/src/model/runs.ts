import { seedAfter } from './seeds'
import type { Variation } from './variation'

/** Pictures that one request can ask for: their seeds follow one another, or they lie around that of one seed. */
export interface Run {
  /** The first one's; null where the server cannot be asked for seeds. */
  readonly seed: number | null
  readonly count: number
  /** Where the first one lies beside its seed's; the next lie towards the next subseeds. */
  readonly variation?: Variation
}

/** Lay seeds out in as few requests as can ask for them. */
export function runsOf(seeds: readonly number[]): Run[] {
  const runs: { seed: number; count: number }[] = []
  for (const seed of seeds) {
    const last = runs.at(-1)
    if (last && seedAfter(last.seed, last.count) === seed) last.count += 1
    else runs.push({ seed, count: 1 })
  }
  return runs
}
