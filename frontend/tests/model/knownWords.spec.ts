import { describe, expect, it } from 'vitest'
import type { Label } from '../../src/model/card'
import { knownWords, shownValues, withValue } from '../../src/model/knownWords'

const FLOWERS: Label[] = [
  { name: 'species', values: ['daisy', 'iris', 'lily of the valley', 'rose', 'tiger lily', 'tulip'] },
  { name: 'color', values: ['orange', 'red', 'white'] },
]
const SHAPES: Label[] = [
  { name: 'color', values: ['blue', 'white', 'yellow'] },
  { name: 'background', values: ['blue', 'white'] },
  { name: 'shape', values: ['ring', 'star'] },
]

function idsAndValues(prompt: string, labels = FLOWERS): string[] {
  return knownWords(prompt, labels).map(({ id, value }) => `${id}: ${value}`)
}

function replaced(prompt: string, id: string, value: string, labels = FLOWERS): string {
  const word = knownWords(prompt, labels).find((known) => known.id === id)
  if (!word) throw new Error(`“${prompt}” has no ${id}`)
  return withValue(prompt, word, value)
}

describe('known words of a prompt', () => {
  it.each([
    ['a red rose', ['color: red', 'species: rose']],
    ['A RED Rose', ['color: red', 'species: rose']],
    ['two white daisies', ['color: white', 'species: daisy']],
    ['a tiger lily', ['species: tiger lily']],
    ['a white lily of the valley', ['color: white', 'species: lily of the valley']],
    ['a red rose and a white tulip', ['color: red', 'species: rose', 'color 2: white', 'species 2: tulip']],
    ['a rosebud, redder', []],
    ['éred', []],
    ['', []],
  ])('are whole words in its order: %s', (prompt, expected) => {
    expect(idsAndValues(prompt)).toEqual(expected)
  })

  it.each([...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'])('may have any punctuation: medium%sdark', (sign) => {
    const value = `medium${sign}dark`
    expect(idsAndValues(`a ${value} hand`, [{ name: 'tone', values: [value, 'light'] }])).toEqual([`tone: ${value}`])
  })

  it('are those of the label that follows them, else of the label with most values', () => {
    expect(idsAndValues('a blue ring on a blue background', SHAPES)).toEqual(['color: blue', 'shape: ring', 'background: blue'])
    expect(idsAndValues('a ring on a white background', SHAPES)).toEqual(['shape: ring', 'background: white'])
  })

  it('may hold letters that patterns have another meaning for', () => {
    const labels = [{ name: 'kind', values: ['c++ (old)', 'a.b'] }]
    expect(idsAndValues('the c++ (old) or axb', labels)).toEqual(['kind: c++ (old)'])
  })
})

describe('another value in a word’s place', () => {
  it.each([
    ['a red rose', 'color', 'white', 'a white rose'],
    ['a red rose', 'color', 'orange', 'an orange rose'],
    ['An orange rose', 'color', 'red', 'A red rose'],
    ['a rose', 'species', 'iris', 'an iris'],
    ['two red roses in a vase', 'species', 'daisy', 'two red daisies in a vase'],
    ['a photo of roses', 'species', 'iris', 'a photo of irises'],
    ['a red rose beside a red tulip', 'color 2', 'orange', 'a red rose beside an orange tulip'],
  ])('%s, %s: %s', (prompt, id, value, expected) => {
    expect(replaced(prompt, id, value)).toBe(expected)
  })
})

describe('the values that are shown', () => {
  const [word] = knownWords('a rose', FLOWERS)
  const values = (examples: string[], count: number): string[] => (word ? shownValues(word, examples, count) : [])

  it('are all where there is room', () => {
    expect(values(['a tulip'], 6)).toEqual(FLOWERS[0]?.values)
  })

  it('are first those of the examples, whichever of them is in the prompt', () => {
    expect(values(['a red tulip', 'a rose', 'an iris'], 4)).toEqual(['tulip', 'rose', 'iris', 'daisy'])
    expect(values(['a tulip', 'an iris'], 3)).toEqual(['tulip', 'iris', 'rose'])
  })
})
