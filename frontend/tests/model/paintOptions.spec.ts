import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS, nonDefaultOptions, optionsFromJson, optionsFromText } from '../../src/model/paintOptions'

describe('paint options', () => {
  it('leave out defaults', () => {
    expect(nonDefaultOptions(DEFAULT_OPTIONS)).toEqual({})
    expect(nonDefaultOptions({ truncation: 1, strength: 0 })).toEqual({ strength: 0 })
  })

  it('are read from JSON, with defaults for what is missing or no number', () => {
    expect(optionsFromJson({ truncation: 0.5, strength: 'high' })).toEqual({ truncation: 0.5, strength: 1 })
  })

  it.each([
    [{ truncation: '0.1', strength: '1.5' }, { truncation: 0.1, strength: 1.5 }],
    [{ truncation: '0.09', strength: '1.51' }, DEFAULT_OPTIONS],
    [{}, DEFAULT_OPTIONS],
  ])('are read from texts within their ranges: %j', (texts: Partial<Record<string, string>>, options) => {
    expect(optionsFromText((name) => texts[name])).toEqual(options)
  })
})
