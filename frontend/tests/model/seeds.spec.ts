import { describe, expect, it } from 'vitest'
import { randomSeed, parseSeed } from '../../src/model/seeds'

describe('parseSeed', () => {
  it.each([['0', 0], [' 42 ', 42], ['4294967295', 4294967295], ['4294967296', null], ['-1', null], ['1e3', null], ['', null]])(
    'parses whole 32-bit numbers only: %j',
    (text, seed) => expect(parseSeed(text)).toBe(seed),
  )
})

describe('randomSeed', () => {
  it('draws different valid seeds', () => {
    const seeds = Array.from({ length: 20 }, randomSeed)
    expect(seeds.every((seed) => parseSeed(String(seed)) === seed)).toBe(true)
    expect(new Set(seeds).size).toBeGreaterThan(1)
  })
})
