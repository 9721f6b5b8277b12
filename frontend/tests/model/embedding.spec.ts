import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../src/model/embedding'

describe('the cells of an embedding', () => {
  it('have the sign and the size of its numbers, whatever their scale', () => {
    const numbers = [0, 1, -1, 0.5, -0.25]
    const cells = cellsOf(numbers)
    expect(cells.map(({ isNegative }) => isNegative)).toEqual([false, false, true, false, true])
    const [zero, one, minusOne, half, quarter] = cells.map(({ weight }) => weight)
    expect([zero, minusOne]).toEqual([0, one])
    expect(half).toBeGreaterThan(quarter ?? 1)
    expect(cellsOf(numbers.map((number) => number * 1e-3))).toEqual(cells)
  })

  it('have a greatest weight, so that one large number does not pale the others', () => {
    const [large, small] = cellsOf([100, ...Array<number>(383).fill(1)])
    expect(large?.weight).toBe(1)
    expect(small?.weight).toBeGreaterThan(0)
  })

  it('are blank for zeros, and none for none', () => {
    expect(cellsOf([0, 0]).map(({ weight }) => weight)).toEqual([0, 0])
    expect(cellsOf([])).toEqual([])
  })
})
