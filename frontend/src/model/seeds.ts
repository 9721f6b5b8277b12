export const SEEDS = 2 ** 32

/** A picture of the wall: its seed, and whether that stays when others change. */
export interface Slot {
  readonly seed: number
  readonly pinned: boolean
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
