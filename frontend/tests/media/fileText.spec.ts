import { describe, expect, it } from 'vitest'
import { dataUrlBytes } from '../../src/media/files'
import { textOfFile } from '../../src/media/fileText'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { recipeFromText, type Recipe } from '../../src/model/recipe'
import { FILES, pngWithText, webpWithText } from './files'

function file(name: keyof typeof FILES): Uint8Array<ArrayBuffer> {
  return dataUrlBytes(`data:,${FILES[name]}`)
}

function recipeIn(content: Uint8Array): Recipe | null {
  const text = textOfFile(content)
  return text && recipeFromText(text)
}

describe('the recipe in a file', () => {
  it.each([
    ['plain', { prompt: 'a red rose', seed: 7, painter: 'flowers', options: { truncation: 0.5, strength: 1 } }],
    ['unicode', { prompt: 'eine rose 🌹 — ümlaut', seed: 4294967295, painter: 'flowers', options: DEFAULT_OPTIONS }],
    ['digits', { prompt: null, seed: 3, painter: 'digits', options: DEFAULT_OPTIONS }],
    ['a1111', { prompt: 'a tulip, pink', seed: 99, painter: 'sd15', options: DEFAULT_OPTIONS }],
    ['silent', { prompt: null, seed: null, painter: null, options: DEFAULT_OPTIONS }],
    ['lossy', { prompt: 'x', seed: null, painter: null, options: DEFAULT_OPTIONS }],
  ] as const)('is read: %s', (name, recipe) => {
    expect(recipeIn(file(name))).toEqual({ ...recipe, variation: null })
  })

  it.each([['big', false], ['little', true]])('is read from EXIF of either byte order: %s endian', (_, little) => {
    const content = webpWithText(JSON.stringify({ prompt: 'eine Rose 🌹', seed: '7', to_seed: '8', steps: 60 }), little)
    expect(recipeIn(content)).toMatchObject({ prompt: 'eine Rose 🌹', seed: 7 })
    expect([textOfFile(content)?.('to_seed'), textOfFile(content)?.('steps')]).toEqual(['8', undefined])
  })

  it.each(['no JSON', '7', '[]', ''])('is missing from other EXIF: %j', (description) => {
    expect(recipeIn(webpWithText(description))).toBeNull()
  })

  it('is missing from other files, and damage does no harm', () => {
    expect(recipeIn(new Uint8Array())).toBeNull()
    const whole = webpWithText('{"seed":"7"}')
    for (let end = 0; end < whole.length; end += 1) textOfFile(whole.subarray(0, end))
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 255 - (wrong[at] ?? 0)
      textOfFile(wrong)
    }
  })

  it('has options', () => {
    const options = { truncation: 0.7, strength: 0.25 }
    expect(recipeIn(pngWithText({ prompt: 'a rose', truncation: '0.7', strength: '0.25' }))).toMatchObject({ options })
  })

  it.each([
    { prompt: 'a rose', seed: '7', subseed: '101', subseed_strength: '0.2' },
    { parameters: 'a rose\nSteps: 1, Seed: 7, Size: 4x4, Variation seed: 101, Variation seed strength: 0.2, Model: flowers' },
  ])('has a variation: %j', (texts) => {
    expect(recipeIn(pngWithText(texts))).toMatchObject({ prompt: 'a rose', seed: 7, variation: { subseed: 101, strength: 0.2 } })
  })

  it.each(['seed', 'truncation', 'strength', 'subseed_strength'])('lacks an invalid %s', (key) => {
    const content = pngWithText({ prompt: 'a rose', subseed: '7', [key]: '-1e9~NaN' })
    expect(recipeIn(content)).toMatchObject({ prompt: 'a rose', seed: null, options: DEFAULT_OPTIONS, variation: null })
  })
})
