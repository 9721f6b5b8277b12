import { describe, expect, it } from 'vitest'
import { folded, stems, wordsIn } from '../../../src/browser/reading/words'

const FUNCTION_WORDS = new Set(['a', 'of'])

describe('wordsIn', () => {
  it('finds words in lower case with their places', () => {
    const text = 'A close-up of Grandma\u2019s 🌹 red_rose, 3'
    const words = wordsIn(text, FUNCTION_WORDS)
    expect(words.map((word) => word.text)).toEqual(['a', 'close', 'up', 'of', "grandma's", 'red', 'rose', '3'])
    expect(words.map(({ end, start }) => text.slice(start, end))[4]).toBe('Grandma\u2019s')
    expect(words.filter(({ namesSomething }) => !namesSomething).map((word) => word.text)).toEqual(['a', 'of', '3'])
  })
})

describe('stems', () => {
  it.each([['daisies', 'daisy'], ['irises', 'iris'], ['blooming', 'bloom'], ['closing', 'close'], ['wilted', 'wilt'], ["rose's", 'rose']])(
    'has the simple form of %s',
    (word, stem) => expect(stems(word)).toContain(stem),
  )

  it('keeps the ends of short words', () => {
    expect(stems('bus')).toEqual(['bus'])
    expect(stems('red')).toEqual(['red'])
  })
})

describe('folded', () => {
  it.each([['STRAẞE', 'strasse'], ['ﬁERY', 'fiery'], ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'], ['ſun', 'sun'], ['ısı', 'ısı'], ['ǰ', 'ǰ']])('folds the case of %s as Python does', (text, other) => {
    expect(folded(text)).toBe(other)
  })
})
