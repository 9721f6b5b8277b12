import { seedAfter } from './seeds'
import type { Variation } from './variation'

/** The pictures of one request: consecutive seeds, or variations of one seed with consecutive subseeds. */
export interface SeedBatch {
  /** The first seed; null for a server whose API takes none. */
  readonly seed: number | null
  readonly count: number
  /** The first variation; the next ones count its subseed up. */
  readonly variation?: Variation
}

/** Groups seeds into as few batches as possible, in their order. */
export function batchSeeds(seeds: readonly number[]): SeedBatch[] {
  const batches: { seed: number; count: number }[] = []
  for (const seed of seeds) {
    const last = batches.at(-1)
    if (last && seedAfter(last.seed, last.count) === seed) last.count += 1
    else batches.push({ seed, count: 1 })
  }
  return batches
}
