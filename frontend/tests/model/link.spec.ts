import { describe, expect, it } from 'vitest'
import { folded, readLink, writeLink } from '../../src/model/link'
import { PLAIN } from '../../src/model/manner'

describe('links', () => {
  it('say the same again when they are read', () => {
    const recipe = {
      prompt: 'a “red” rose & more?', seed: 4294967295, painter: 'flowers', count: 16,
      manner: { truncation: 0.35, strength: 0 }, variation: { subseed: 1, strength: 0.123 },
    }
    expect(readLink(writeLink(recipe))).toEqual(recipe)
  })

  it('are short: what is usual is left out', () => {
    expect(writeLink({ prompt: 'a rose', seed: 7, painter: 'flowers', count: 5, manner: PLAIN })).toBe(
      '?prompt=a+rose&seed=7&painter=flowers',
    )
    expect(writeLink({})).toBe('')
  })

  it.each([
    '?seed=-1&count=0&truncation=0', '?seed=4294967296&count=17&truncation=1.01', '?seed=1.5&count=2.5&truncation=x',
    '?seed=0x7&towards=7&strength=1.6', '?subseed=1&subseed_strength=0.5&strength=-0.1', '?prompt=%20%20&painter=&strength=%20',
  ])('take nothing that makes no sense: %s', (search) => {
    const nothing = { prompt: null, seed: null, painter: null, count: null, manner: PLAIN, variation: null }
    expect(readLink(search)).toEqual(nothing)
  })

  it.each(['subseed=1', 'subseed_strength=0.5', 'subseed=-1&subseed_strength=0.5', 'subseed=1&subseed_strength=0', 'subseed=1&subseed_strength=1.1'])(
    'take a neighbour that makes no sense for the picture itself: %s',
    (query) => expect(readLink(`?seed=7&${query}`)).toMatchObject({ seed: 7, variation: null }),
  )

  it('hold no more words than the server reads', () => {
    expect(readLink(`?prompt=${'x'.repeat(10_000)}`).prompt?.length).toBe(500)
  })
})

describe('folded', () => {
  it('leaves single spaces between words', () => {
    expect(folded('  a\t red \u00a0 rose\n')).toBe('a red rose')
  })
})
