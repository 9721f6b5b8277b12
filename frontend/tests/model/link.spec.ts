import { describe, expect, it } from 'vitest'
import { MAX_PROMPT_LENGTH, formatLink, parseLink, tidyPrompt } from '../../src/model/link'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'

describe('links', () => {
  it('round-trip all parameters', () => {
    const params = {
      prompt: 'a “red” rose & more?', seed: 4294967295, painter: 'flowers', count: 16,
      options: { truncation: 0.35, strength: 0 }, variation: { subseed: 1, strength: 0.123 },
    }
    expect(parseLink(formatLink(params))).toEqual(params)
  })

  it('leave out defaults', () => {
    expect(formatLink({ prompt: 'a rose', seed: 7, painter: 'flowers', count: 5, options: DEFAULT_OPTIONS })).toBe(
      '?prompt=a+rose&seed=7&painter=flowers',
    )
    expect(formatLink({})).toBe('')
  })

  it.each([
    '?seed=-1&count=0&truncation=0', '?seed=4294967296&count=17&truncation=1.01', '?seed=1.5&count=2.5&truncation=x',
    '?seed=0x7&towards=7&strength=1.6', '?subseed=1&subseed_strength=0.5&strength=-0.1', '?prompt=%20%20&painter=&strength=%20',
  ])('ignore invalid parameters: %s', (search) => {
    const empty = { prompt: null, seed: null, painter: null, count: null, options: DEFAULT_OPTIONS, variation: null }
    expect(parseLink(search)).toEqual(empty)
  })

  it.each(['subseed=1', 'subseed_strength=0.5', 'subseed=-1&subseed_strength=0.5', 'subseed=1&subseed_strength=0', 'subseed=1&subseed_strength=1.1'])(
    'ignore an invalid variation: %s',
    (query) => expect(parseLink(`?seed=7&${query}`)).toMatchObject({ seed: 7, variation: null }),
  )

  it('cut the prompt at the length that an address holds', () => {
    expect(parseLink(`?prompt=${'x'.repeat(10_000)}`).prompt?.length).toBe(MAX_PROMPT_LENGTH)
  })
})

describe('tidyPrompt', () => {
  it('trims, and leaves single spaces', () => {
    expect(tidyPrompt('  a\t red \u00a0 rose\n')).toBe('a red rose')
  })

  it('cuts between characters, and leaves a text alone whose white space alone is long', () => {
    expect(tidyPrompt('🌹'.repeat(3000))).toBe('🌹'.repeat(MAX_PROMPT_LENGTH))
    expect(tidyPrompt('rose '.repeat(3000))).toBe('rose '.repeat(MAX_PROMPT_LENGTH / 5).trimEnd())
    expect(tidyPrompt(`${' '.repeat(3000)}a rose`)).toBe('a rose')
  })
})
