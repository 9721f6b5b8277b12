import type { Variation } from './variation'

export const SEEDS = 2 ** 32

/** A picture of the wall: its seed, and whether that stays when others change. */
export interface Slot {
  readonly seed: number
  readonly pinned: boolean
}

/** Pictures that one request can ask for: their seeds follow one another, or they lie around that of one seed. */
export interface Run {
  /** The first one's; null where the server cannot be asked for seeds. */
  readonly seed: number | null
  readonly count: number
  /** Where the first one lies beside its seed's; the next lie towards the next subseeds. */
  readonly variation?: Variation
}

export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

export function seedAfter(seed: number, steps: number): number {
  return (seed + steps) % SEEDS
}

/** A seed as somebody wrote it: a whole number from 0 to 2³² − 1, or null. */
export function readSeed(text: string): number | null {
  const seed = /^\d{1,10}$/.test(text.trim()) ? Number(text) : SEEDS
  return seed < SEEDS ? seed : null
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
