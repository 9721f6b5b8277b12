import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/media/bytes'
import { bytesOf } from '../../src/media/files'
import { readPngText } from '../../src/media/pngText'
import { PLAIN } from '../../src/model/manner'
import { recipeOfPng } from '../../src/media/recipeOfFile'
import { FILES, told } from './files'

function file(name: keyof typeof FILES): Uint8Array<ArrayBuffer> {
  return bytesOf(`data:,${FILES[name]}`)
}

describe('recipeOfPng', () => {
  it.each([
    ['plain', { prompt: 'a red rose', seed: 7, painter: 'flowers', manner: { truncation: 0.5, strength: 1 } }],
    ['unicode', { prompt: 'eine rose 🌹 — ümlaut', seed: 4294967295, painter: 'flowers', manner: PLAIN }],
    ['digits', { prompt: null, seed: 3, painter: 'digits', manner: PLAIN }],
    ['a1111', { prompt: 'a tulip, pink', seed: 99, painter: 'sd15', manner: PLAIN }],
  ] as const)('reads what a picture was painted from: %s', (name, recipe) => {
    expect(recipeOfPng(file(name))).toEqual({ ...recipe, count: null, variation: null })
  })

  it('says nothing where a picture says nothing, or there is no picture', () => {
    expect(recipeOfPng(file('silent'))).toBeNull()
    expect(recipeOfPng(file('lossy'))).toBeNull()
    expect(recipeOfPng(new Uint8Array())).toBeNull()
  })

  it('reads how it was painted', () => {
    const manner = { truncation: 0.7, strength: 0.25 }
    expect(recipeOfPng(told({ prompt: 'a rose', truncation: '0.7', strength: '0.25' }))).toMatchObject({ manner })
  })

  it.each([
    { prompt: 'a rose', seed: '7', subseed: '101', subseed_strength: '0.2' },
    { parameters: 'a rose\nSteps: 1, Seed: 7, Size: 4x4, Variation seed: 101, Variation seed strength: 0.2, Model: flowers' },
  ])('reads where it lies beside another picture: %j', (texts) => {
    expect(recipeOfPng(told(texts))).toMatchObject({ prompt: 'a rose', seed: 7, variation: { subseed: 101, strength: 0.2 } })
  })

  it.each(['seed', 'truncation', 'strength', 'subseed_strength'])('takes no %s that makes no sense', (key) => {
    const file = told({ prompt: 'a rose', subseed: '7', [key]: '-1e9~NaN' })
    expect(recipeOfPng(file)).toMatchObject({ prompt: 'a rose', seed: null, manner: PLAIN, variation: null })
  })
})

describe('readPngText', () => {
  it('bears a file that is cut off anywhere, and any byte that is wrong', () => {
    const whole = file('plain')
    for (let end = 0; end < whole.length; end += 1) readPngText(whole.subarray(0, end))
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 255 - (wrong[at] ?? 0)
      readPngText(wrong)
    }
    expect(readPngText(whole.subarray(0, 60))).toBeInstanceOf(Map)
  })

  it('leaves out a text that is too long for a prompt', () => {
    const long = told({ prompt: 'x'.repeat(100_000), seed: '1' })
    expect([...(readPngText(long) ?? [])]).toEqual([['seed', '1']])
  })
})

describe('crc32', () => {
  it('is the one of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})
