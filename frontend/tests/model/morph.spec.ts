import { describe, expect, it } from 'vitest'
import { hasEqualEnds, withEnd, type Morph } from '../../src/model/morph'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'

const DAISY = { prompt: 'a daisy', seed: 103, painter: 'flowers', options: DEFAULT_OPTIONS, variation: null }
const LILY = { ...DAISY, prompt: 'a lily', seed: 202, options: { truncation: 0.5, strength: 0 } }
const MORPH: Morph = { from: DAISY, to: { prompt: 'a rose', seed: 7, variation: null } }

describe('withEnd', () => {
  it('replaces one end and keeps the other, with the options of the picture', () => {
    expect(withEnd(MORPH, 'from', LILY)).toEqual({ from: LILY, to: MORPH.to })
    expect(withEnd(MORPH, 'to', LILY)).toEqual({
      from: { ...DAISY, options: LILY.options },
      to: { prompt: 'a lily', seed: 202, variation: null },
    })
  })

  it.each([
    ['of another painter', { ...LILY, painter: 'shapes' }],
    ['that is the picture itself', DAISY],
  ])('replaces another end %s by the next seed', (_, picture) => {
    const { from, to } = withEnd(MORPH, 'to', picture)
    expect(from).toEqual({ ...picture, seed: picture.seed + 1 })
    expect(to.seed).toBe(picture.seed)
  })
})

describe('hasEqualEnds', () => {
  it('compares prompts, seeds and variations', () => {
    expect(hasEqualEnds(MORPH)).toBe(false)
    expect(hasEqualEnds({ from: DAISY, to: DAISY })).toBe(true)
    expect(hasEqualEnds({ from: DAISY, to: { ...DAISY, variation: { subseed: 1, strength: 1 } } })).toBe(false)
  })
})
