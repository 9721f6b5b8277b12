import { describe, expect, it } from 'vitest'
import { useForm, type FormState } from '../../src/composables/useForm'
import { parseLink } from '../../src/model/link'
import type { Painter } from '../../src/model/painter'
import { fakePainters, FLOWERS } from '../fakePainters'

const LINK = parseLink('?prompt=a+rose&seed=7&strength=0.5&count=3')

function formOf(painter: Painter | null, link = LINK, promptOnly = false): FormState {
  return useForm(fakePainters(painter && [painter], promptOnly), link)
}

describe('useForm', () => {
  it('takes its values from a link', () => {
    const { count, mode, options, prompt } = formOf(FLOWERS)
    expect([mode.value, prompt.value, count.value, options.value.strength]).toEqual(['paint', 'a rose', 3, 0.5])
  })

  it('opens the variations of a link to one', () => {
    const { mode, variationCenter } = formOf(FLOWERS, parseLink('?seed=7&subseed=8&subseed_strength=0.25'))
    expect(mode.value).toBe('variations')
    expect(variationCenter.value).toEqual({ seed: 7, variation: { subseed: 8, strength: 0.25 } })
  })

  it('collapses the white space of both prompts', () => {
    const { prompt, promptText, secondPrompt, secondPromptText } = formOf(FLOWERS)
    promptText.value = '  a   red rose '
    secondPromptText.value = ' a  lily'
    expect([prompt.value, secondPrompt.value]).toEqual(['a red rose', 'a lily'])
  })

  it('keeps a long text as typed and sends its beginning', () => {
    const { prompt, promptText } = formOf(FLOWERS)
    promptText.value = 'rose '.repeat(10_000)
    expect([prompt.value?.length, promptText.value.length]).toEqual([1999, 50_000])
  })

  it('has no prompt for a painter that takes none', () => {
    const { prompt, secondPrompt } = formOf({ ...FLOWERS, takesPrompt: false })
    expect([prompt.value, secondPrompt.value]).toEqual([null, null])
  })

  it('sends the default strength to a painter that takes none, and keeps the chosen one', () => {
    const { chosenOptions, options } = formOf({ ...FLOWERS, takesStrength: false })
    expect([options.value.strength, chosenOptions.value.strength]).toEqual([1, 0.5])
  })

  it.each([[false, 0.5], [true, 1]])('trusts a link’s strength until the painters are loaded (prompt only: %s)', (promptOnly, strength) => {
    expect(formOf(null, LINK, promptOnly).options.value.strength).toBe(strength)
  })
})
