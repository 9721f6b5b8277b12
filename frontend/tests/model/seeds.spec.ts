import { describe, expect, it } from 'vitest'
import { randomSeed, readSeed, runsOf } from '../../src/model/seeds'

describe('runsOf', () => {
  it('lays seeds out in as few requests as can ask for them', () => {
    expect(runsOf([5, 6, 7])).toEqual([{ seed: 5, count: 3 }])
    expect(runsOf([5, 99, 7, 8])).toEqual([{ seed: 5, count: 1 }, { seed: 99, count: 1 }, { seed: 7, count: 2 }])
  })

  it('goes on with 0 after the last seed, as the server does', () => {
    expect(runsOf([4294967295, 0, 1])).toEqual([{ seed: 4294967295, count: 3 }])
  })
})

describe('seeds', () => {
  it.each([['0', 0], [' 42 ', 42], ['4294967295', 4294967295], ['4294967296', null], ['-1', null], ['1e3', null], ['', null]])(
    'are read as somebody wrote them: %j',
    (text, seed) => expect(readSeed(text)).toBe(seed),
  )

  it('that are drawn are seeds, and not always the same', () => {
    const drawn = Array.from({ length: 20 }, randomSeed)
    expect(drawn.every((seed) => readSeed(String(seed)) === seed)).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(1)
  })
})
