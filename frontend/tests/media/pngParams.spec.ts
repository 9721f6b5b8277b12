import { describe, expect, it } from 'vitest'
import { dataUrlBytes } from '../../src/media/files'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { paramsFromPng } from '../../src/media/pngParams'
import { FILES, pngWithText } from './files'

function file(name: keyof typeof FILES): Uint8Array<ArrayBuffer> {
  return dataUrlBytes(`data:,${FILES[name]}`)
}

describe('paramsFromPng', () => {
  it.each([
    ['plain', { prompt: 'a red rose', seed: 7, painter: 'flowers', options: { truncation: 0.5, strength: 1 } }],
    ['unicode', { prompt: 'eine rose 🌹 — ümlaut', seed: 4294967295, painter: 'flowers', options: DEFAULT_OPTIONS }],
    ['digits', { prompt: null, seed: 3, painter: 'digits', options: DEFAULT_OPTIONS }],
    ['a1111', { prompt: 'a tulip, pink', seed: 99, painter: 'sd15', options: DEFAULT_OPTIONS }],
  ] as const)('reads the parameters of a PNG: %s', (name, params) => {
    expect(paramsFromPng(file(name))).toEqual({ ...params, count: null, variation: null })
  })

  it('gives null for a PNG without parameters, and for other files', () => {
    expect(paramsFromPng(file('silent'))).toBeNull()
    expect(paramsFromPng(file('lossy'))).toBeNull()
    expect(paramsFromPng(new Uint8Array())).toBeNull()
  })

  it('reads the options', () => {
    const options = { truncation: 0.7, strength: 0.25 }
    expect(paramsFromPng(pngWithText({ prompt: 'a rose', truncation: '0.7', strength: '0.25' }))).toMatchObject({ options })
  })

  it.each([
    { prompt: 'a rose', seed: '7', subseed: '101', subseed_strength: '0.2' },
    { parameters: 'a rose\nSteps: 1, Seed: 7, Size: 4x4, Variation seed: 101, Variation seed strength: 0.2, Model: flowers' },
  ])('reads a variation: %j', (texts) => {
    expect(paramsFromPng(pngWithText(texts))).toMatchObject({ prompt: 'a rose', seed: 7, variation: { subseed: 101, strength: 0.2 } })
  })

  it.each(['seed', 'truncation', 'strength', 'subseed_strength'])('ignores an invalid %s', (key) => {
    const file = pngWithText({ prompt: 'a rose', subseed: '7', [key]: '-1e9~NaN' })
    expect(paramsFromPng(file)).toMatchObject({ prompt: 'a rose', seed: null, options: DEFAULT_OPTIONS, variation: null })
  })
})
