import { expect, it } from 'vitest'
import { isEnglish } from '../../../src/browser/reading/language'
import { wordsIn } from '../../../src/browser/reading/words'
import { differences, WORDS } from '../vectors'

it('tells English from other languages as Python does', () => {
  const different = differences(({ cleaned }) => isEnglish(cleaned, wordsIn(cleaned, WORDS.functionWords), WORDS), ({ english }) => english)
  expect(different).toEqual([])
})
