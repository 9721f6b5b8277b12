import { describe, expect, it } from 'vitest'
import { runsOf } from '../../src/model/runs'

describe('runsOf', () => {
  it('lays seeds out in as few requests as can ask for them', () => {
    expect(runsOf([5, 6, 7])).toEqual([{ seed: 5, count: 3 }])
    expect(runsOf([5, 99, 7, 8])).toEqual([{ seed: 5, count: 1 }, { seed: 99, count: 1 }, { seed: 7, count: 2 }])
  })

  it('goes on with 0 after the last seed, as the server does', () => {
    expect(runsOf([4294967295, 0, 1])).toEqual([{ seed: 4294967295, count: 3 }])
  })
})
