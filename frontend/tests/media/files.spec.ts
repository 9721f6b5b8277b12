import { describe, expect, it } from 'vitest'
import { dataUrlBytes, fileName, pngName } from '../../src/media/files'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import type { Picture } from '../../src/model/picture'

const ROSE: Picture = {
  source: '',
  prompt: 'a red rose',
  seed: 7,
  painter: 'flowers',
  options: DEFAULT_OPTIONS,
  variation: null,
}

describe('fileName', () => {
  it.each([
    [['a “red” rose', 7], 'a-red-rose-7.png'],
    [['вишня', null, ''], 'вишня.png'],
    [['../..', '?'], 'painting.png'],
    [['x'.repeat(200)], `${'x'.repeat(80)}.png`],
  ])('makes %j a short name without special characters', (words, name) => {
    expect(fileName(words, 'png')).toBe(name)
  })
})

describe('pngName', () => {
  it('has the prompt, the painter, the seed and the subseed', () => {
    expect(pngName(ROSE)).toBe('a-red-rose-flowers-7.png')
    expect(pngName({ ...ROSE, variation: { subseed: 8, strength: 0.5 } })).toBe('a-red-rose-flowers-7-8.png')
  })
})

describe('dataUrlBytes', () => {
  it('decodes base64, every byte value included', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(dataUrlBytes(`data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`)).toEqual(bytes)
  })
})
