import { describe, expect, it } from 'vitest'
import { variationFields, variationFromText } from '../../src/model/variation'

describe('variations', () => {
  it('round-trip through their fields', () => {
    const variation = { subseed: 8, strength: 0.25 }
    const fields = variationFields(variation)
    expect(fields).toEqual({ subseed: 8, subseed_strength: 0.25 })
    expect(variationFromText((name) => String(fields[name]))).toEqual(variation)
  })

  it('have no fields for a seed’s own picture', () => {
    expect(variationFields(null)).toEqual({})
    expect(variationFromText(() => null)).toBeNull()
  })
})
