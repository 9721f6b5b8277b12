import { describe, expect, it } from 'vitest'
import { randomSeed, readSeed } from '../../src/model/seeds'

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
