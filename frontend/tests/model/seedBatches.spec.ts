import { describe, expect, it } from 'vitest'
import { batchSeeds, firstApart } from '../../src/model/seedBatches'

describe('batchSeeds', () => {
  it('groups consecutive seeds into one batch', () => {
    expect(batchSeeds([5, 6, 7])).toEqual([{ seed: 5, count: 3 }])
    expect(batchSeeds([5, 99, 7, 8])).toEqual([{ seed: 5, count: 1 }, { seed: 99, count: 1 }, { seed: 7, count: 2 }])
  })

  it('wraps around after the last seed, as the server does', () => {
    expect(batchSeeds([4294967295, 0, 1])).toEqual([{ seed: 4294967295, count: 3 }])
  })
})

describe('firstApart', () => {
  it('puts the first seed into a batch of its own', () => {
    expect(firstApart([5, 6, 7])).toEqual([{ seed: 5, count: 1 }, { seed: 6, count: 2 }])
    expect(firstApart([5])).toEqual([{ seed: 5, count: 1 }])
    expect(firstApart([])).toEqual([])
  })
})
