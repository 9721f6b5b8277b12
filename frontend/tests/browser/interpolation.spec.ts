import { describe, expect, it } from 'vitest'
import { evenPositions, latentsBetween, paintEvenly, textVectorsBetween } from '../../src/browser/interpolation'
import type { Pixels } from '../../src/media/png'
import { VECTORS } from './vectors'

const SIDE = 2

function expectNear(row: ArrayLike<number>, wanted: readonly number[]): void {
  expect(row.length).toBe(wanted.length)
  wanted.forEach((number, index) => expect(row[index]).toBeCloseTo(number, 6))
}

describe('latentsBetween and textVectorsBetween', () => {
  it.each(VECTORS.between)('lie between $start and $end as in Python', (vector) => {
    const [start, end] = [Float32Array.from(vector.start), Float32Array.from(vector.end)]
    for (const [index, position] of vector.positions.entries()) {
      expectNear(latentsBetween(start, end, position), vector.latents[index] ?? [])
      expectNear(textVectorsBetween(start, end, position), vector.text_vectors[index] ?? [])
    }
  })
})

describe('evenPositions', () => {
  it.each(VECTORS.morphs)('are those of Python for $steps steps', ({ positions, probes, steps }) => {
    const pictures = probes.map((levels) => ({ side: SIDE, data: Uint8Array.from(levels) }))
    expectNear(evenPositions(pictures, steps), positions)
  })
})

describe('paintEvenly', () => {
  /** A picture that changes in the second half alone; the positions that were painted. */
  function painter(): { positions: number[]; paint: (position: number) => Promise<Pixels> } {
    const positions: number[] = []
    const paint = (position: number): Promise<Pixels> => {
      positions.push(position)
      return Promise.resolve({ side: 1, data: new Uint8Array(3).fill(Math.max(position - 0.5, 0) * 400) })
    }
    return { positions, paint }
  }

  it('paints more frames where pictures change, and the ends once', async () => {
    const { paint, positions } = painter()
    const frames = await paintEvenly(paint, 5)
    expect(frames.map(({ data }) => data[0])).toEqual([0, expect.any(Number), expect.any(Number), expect.any(Number), 200])
    expect(positions.filter((position) => position === 0 || position === 1)).toEqual([0, 1])
    const [first = 0] = positions.slice(-3)
    expect(first).toBeGreaterThan(0.5)
  })

  it('paints both ends alone where no frame is between them', async () => {
    const { paint, positions } = painter()
    await paintEvenly(paint, 2)
    expect(positions).toEqual([0, 1])
  })
})
