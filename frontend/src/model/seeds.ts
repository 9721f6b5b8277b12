/** Seeds are 32-bit unsigned integers. */
export const SEED_COUNT = 2 ** 32

export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

/** The seed `steps` after another one, modulo 2³². */
export function seedAfter(seed: number, steps: number): number {
  return (seed + steps) % SEED_COUNT
}

/** Parses a seed: a whole number from 0 to 2³² − 1, or null. */
export function parseSeed(text: string): number | null {
  const seed = /^\d{1,10}$/.test(text.trim()) ? Number(text) : SEED_COUNT
  return seed < SEED_COUNT ? seed : null
}
