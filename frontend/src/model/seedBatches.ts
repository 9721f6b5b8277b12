import { seedAfter } from './seeds'

/** Consecutive seeds, which one request paints. */
export interface SeedBatch {
  readonly seed: number
  readonly count: number
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

/** The same with a batch for the first seed, which is painted and shown while the others are painted. */
export function firstApart(seeds: readonly number[]): SeedBatch[] {
  return [...batchSeeds(seeds.slice(0, 1)), ...batchSeeds(seeds.slice(1))]
}
