import { describe, expect, it } from 'vitest'
import { latentsOf, requestLatents, streamOf } from '../../src/browser/latents'
import { sharedVectors, VECTORS } from './vectors'

interface LatentsVectors {
  readonly tolerance: number
  readonly vectors: { readonly seed: number; readonly stream: string[]; readonly latents: number[] }[]
}

const { tolerance, vectors } = sharedVectors<LatentsVectors>('latents_vectors.json')

/** The largest difference of two rows of equal length. */
function largestDifference(row: Float32Array, wanted: readonly number[]): number {
  expect(row.length).toBe(wanted.length)
  return Math.max(...wanted.map((number, index) => Math.abs(number - (row[index] ?? NaN))))
}

describe('latentsOf', () => {
  it.each(vectors)('makes the latents of Python of seed $seed, from the same stream', ({ latents, seed, stream }) => {
    expect(streamOf(seed, stream.length).map((output) => output.toString(16).padStart(16, '0'))).toEqual(stream)
    expect(largestDifference(latentsOf(seed, latents.length), latents)).toBeLessThanOrEqual(tolerance)
  })

  it('drops the last sine of an odd size', () => {
    expect([...latentsOf(3, 5)]).toEqual([...latentsOf(3, 6)].slice(0, 5))
  })
})

describe('requestLatents', () => {
  it.each(VECTORS.latents)('makes the $size latents of $count pictures of seed $seed, subseed $subseed', (vector) => {
    const { count, rows, seed, size, strength, subseed, truncation } = vector
    const variation = subseed === null ? null : { subseed, strength }
    const found = requestLatents({ seed, count, truncation, variation }, size)
    expect(found.length).toBe(rows.length)
    for (const [index, row] of found.entries()) expect(largestDifference(row, rows[index] ?? [])).toBeLessThanOrEqual(tolerance)
  })
})
