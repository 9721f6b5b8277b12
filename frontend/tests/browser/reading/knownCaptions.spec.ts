import { describe, expect, it } from 'vitest'
import { parseKnownCaptions } from '../../../src/browser/reading/knownCaptions'

const FIELDS = { captions: ['a rose'], words: ['rose'], synonyms: ['scarlet'], min_cosine: 0.5, min_word_cosine: 0.6 }
const VECTORS = [3, 4, 0, 2]

function parse(fields: object | string, vectors = VECTORS): ReturnType<typeof parseKnownCaptions> {
  return parseKnownCaptions(typeof fields === 'string' ? fields : JSON.stringify(fields), Int8Array.from(vectors), 2)
}

describe('parseKnownCaptions', () => {
  it('reads captions, words and rows of length 1', () => {
    const { captions, minCosine, minWordCosine, rows, words } = parse(FIELDS)
    expect({ captions, words, minCosine, minWordCosine }).toEqual({ captions: ['a rose'], words: ['rose', 'scarlet'], minCosine: 0.5, minWordCosine: 0.6 })
    expect(rows.map((row) => [...row])).toEqual([[Math.fround(0.6), Math.fround(0.8)], [0, 1]])
  })

  it.each([
    ['no JSON', '{', VECTORS],
    ['a list', '[]', VECTORS],
    ['no captions', { ...FIELDS, captions: [] }, VECTORS],
    ['a caption that is not clean', { ...FIELDS, captions: ['a  rose'] }, VECTORS],
    ['a word that is a number', { ...FIELDS, words: [1] }, VECTORS],
    ['no synonyms', { ...FIELDS, synonyms: undefined }, VECTORS],
    ['a cosine above 1', { ...FIELDS, min_cosine: 1.5 }, VECTORS],
    ['a cosine that is a text', { ...FIELDS, min_word_cosine: '0.5' }, VECTORS],
    ['half a row', FIELDS, [1, 2, 3]],
    ['too few rows', FIELDS, []],
    ['too many rows', FIELDS, [1, 1, 1, 1, 1, 1]],
    ['a row of zeros', FIELDS, [0, 0, 1, 1]],
    ['too many bytes', FIELDS, Array.from({ length: 200_000 }, () => 1)],
  ])('refuses %s', (_, fields, vectors) => {
    expect(() => parse(fields, vectors)).toThrow('its captions and their vectors do not fit')
  })
})
