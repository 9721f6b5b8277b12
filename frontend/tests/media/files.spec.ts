import { describe, expect, it } from 'vitest'
import { dataUrlBytes, fileName, hasAlpha, fileDataUrl, pictureFileName } from '../../src/media/files'
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

describe('hasAlpha', () => {
  it.each([
    [0, false],
    [2, false],
    [3, false],
    [4, true],
    [6, true],
  ])('reads the colour type %i', (colorType, expected) => {
    const header = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, colorType, 0, 0, 0]
    expect(hasAlpha(`data:image/png;base64,${btoa(String.fromCharCode(...header))}`)).toBe(expected)
  })

  it.each([
    [0x08, false],
    [0x18, true],
  ])('reads the flags %i of a WebP', (flags, expected) => {
    const header = [...'RIFF    WEBPVP8X    '].map((letter) => letter.charCodeAt(0)).concat(flags, 0, 0, 0, 0, 0, 0)
    expect(hasAlpha(`data:image/webp;base64,${btoa(String.fromCharCode(...header))}`)).toBe(expected)
  })

  it('is false for a file that ends before', () => {
    expect(hasAlpha('data:image/png;base64,iVBORw0KGgo=')).toBe(false)
  })
})

describe('pictureFileName', () => {
  it('has the prompt, the painter, the seed and the subseed', () => {
    expect(pictureFileName(ROSE)).toBe('a-red-rose-flowers-7.png')
    expect(pictureFileName({ ...ROSE, variation: { subseed: 8, strength: 0.5 } })).toBe('a-red-rose-flowers-7-8.png')
  })
})

describe('dataUrlBytes', () => {
  it('decodes base64, every byte value included', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(dataUrlBytes(fileDataUrl(bytes))).toEqual(bytes)
  })
})
