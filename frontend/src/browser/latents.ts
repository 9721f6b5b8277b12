import type { Variation } from '../model/variation'
import { seedAfter } from '../model/seeds'
import { latentsBetween } from './interpolation'

/** What a request's latents depend on. */
export interface LatentsRequest {
  readonly seed: number
  readonly count: number
  readonly truncation: number
  readonly variation: Variation | null
}

// SplitMix64's increment and the factors of its finaliser, as in docs/latents.md.
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n
const MIX_FACTOR_1 = 0xbf58476d1ce4e5b9n
const MIX_FACTOR_2 = 0x94d049bb133111ebn
const TOP_SCALE = 2 ** -53

/** The 64-bit outputs of a seed's stream. */
export function streamOf(seed: number, length: number): bigint[] {
  const state = mix64(wrapped(BigInt(seed) + GOLDEN_GAMMA))
  return Array.from({ length }, (_, index) => mix64(wrapped(state + BigInt(index + 1) * GOLDEN_GAMMA)))
}

/** Standard normal latents of a picture by its own seed, multiplied by the truncation. */
export function latentsOf(seed: number, size: number, truncation = 1): Float32Array {
  const pairs = Math.ceil(size / 2)
  const stream = streamOf(seed, 2 * pairs)
  const latents = new Float32Array(2 * pairs)
  for (let pair = 0; pair < pairs; pair += 1) {
    // Box–Muller; the first number is in (0, 1], so that its logarithm is finite.
    const first = (Number((stream[2 * pair] ?? 0n) >> 11n) + 1) * TOP_SCALE
    const angle = 2 * Math.PI * Number((stream[2 * pair + 1] ?? 0n) >> 11n) * TOP_SCALE
    const radius = Math.sqrt(-2 * Math.log(first))
    latents[2 * pair] = radius * Math.cos(angle)
    latents[2 * pair + 1] = radius * Math.sin(angle)
  }
  const scale = Math.fround(truncation)
  return latents.subarray(0, size).map((latent) => latent * scale)
}

/** The latents of a request's pictures, one after the other: of consecutive seeds, or near one seed's. */
export function requestLatents({ count, seed, truncation, variation }: LatentsRequest, size: number): Float32Array[] {
  return Array.from({ length: count }, (_, index) => {
    if (!variation) return latentsOf(seedAfter(seed, index), size, truncation)
    const other = latentsOf(seedAfter(variation.subseed, index), size, truncation)
    return latentsBetween(latentsOf(seed, size, truncation), other, variation.strength)
  })
}

function mix64(number: bigint): bigint {
  const first = wrapped((number ^ (number >> 30n)) * MIX_FACTOR_1)
  const second = wrapped((first ^ (first >> 27n)) * MIX_FACTOR_2)
  return second ^ (second >> 31n)
}

function wrapped(number: bigint): bigint {
  return BigInt.asUintN(64, number)
}
