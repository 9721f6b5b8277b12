import { describe, expect, it } from 'vitest'
import { MAX_PROMPT_LENGTH, recipeFromText, tidyPrompt } from '../../src/model/recipe'

describe('tidyPrompt', () => {
  it('trims, and leaves single spaces', () => {
    expect(tidyPrompt('  a\t red \u00a0 rose\n')).toBe('a red rose')
  })

  it('drops what is invisible, but for joiners', () => {
    expect(tidyPrompt('\ufeffa\u200b ro\u00adse\u202e\u0007 \ue000🌹\u200d🌹')).toBe('a rose 🌹\u200d🌹')
    expect(tidyPrompt('\u200b \ufeff')).toBe('')
  })

  it('cuts between characters, and leaves a text alone whose white space alone is long', () => {
    expect(tidyPrompt('🌹'.repeat(3000))).toBe('🌹'.repeat(MAX_PROMPT_LENGTH))
    expect(tidyPrompt('rose '.repeat(3000))).toBe('rose '.repeat(MAX_PROMPT_LENGTH / 5).trimEnd())
    expect(tidyPrompt(`${' '.repeat(3000)}a rose`)).toBe('a rose')
  })

  it('cuts a link’s prompt at the length that an address holds', () => {
    expect(recipeFromText((name) => (name === 'prompt' ? 'x'.repeat(10_000) : null)).prompt?.length).toBe(MAX_PROMPT_LENGTH)
  })
})
