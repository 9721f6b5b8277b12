import { expect, it } from 'vitest'
import { dropNoise } from '../../../src/browser/reading/noise'
import { WORDS } from '../vectors'

const KNOWN = new Set(['red', 'rose', 'sky'])

function read(text: string): ReturnType<typeof dropNoise> {
  return dropNoise(text, { ...WORDS, inCaptions: (word) => KNOWN.has(word), isNear: (word) => word === 'garden' })
}

it.each([
  ['masterpiece, best quality, a red rose, by greg rutkowski', 'a red rose'],
  ['an elegant rose', 'a rose'],
  ['a stunning and gorgeous red rose', 'a red rose'],
  ['an oil painting of a red rose in the style of van gogh', 'a red rose'],
  ['a red rose, zorgified fluxmode', 'a red rose'],
])('leaves the noise of %j out', (prompt, rest) => {
  expect(read(prompt)).toMatchObject({ text: rest, unknownWords: [], knowsAWord: true })
})

it('lets other unknown words stay, and names them once', () => {
  expect(read('a rose, cat garden and a cat')).toEqual({ text: 'a rose, cat garden and a cat', noise: [], unknownWords: ['cat'], knowsAWord: true })
})

it('lets a prompt without a known word stay as it is', () => {
  expect(read('masterpiece by monet')).toEqual({ text: 'masterpiece by monet', noise: [], unknownWords: ['masterpiece', 'monet'], knowsAWord: false })
})
