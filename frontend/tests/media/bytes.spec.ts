import { describe, expect, it } from 'vitest'
import { concatBytes, crc32 } from '../../src/media/bytes'

describe('crc32', () => {
  it('matches the standard check value', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})

describe('concatBytes', () => {
  it('joins parts in their order', () => {
    expect([...concatBytes([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)])]).toEqual([1, 2, 3])
  })
})
