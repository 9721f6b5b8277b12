import { describe, expect, it } from 'vitest'
import { useForm, type FormState } from '../../src/composables/useForm'
import type { Navigation } from '../../src/composables/useNavigation'
import type { Painter } from '../../src/model/painter'
import { fakeNavigation } from '../fakeNavigation'
import { DIGITS, fakePainters, FLOWERS } from '../fakePainters'

const LINK = '?prompt=a+rose&seed=8&strength=0.5&count=3'

function formOf(painter: Painter | null, link = LINK, promptOnly = false): FormState & Pick<Navigation, 'view'> {
  const navigation = fakeNavigation(link)
  return { view: navigation.view, ...useForm(navigation, fakePainters(navigation, painter ? [painter] : [], promptOnly)) }
}

describe('useForm', () => {
  it('has its values from the view, and changes them there', () => {
    const { count, mode, options, promptText, recipe, view } = formOf(FLOWERS)
    expect([mode.value, promptText.value, count.value, recipe.value.options.strength]).toEqual(['paint', 'a rose', 3, 0.5])
    promptText.value = 'a lily'
    count.value = 4
    options.value = { truncation: 0.5, strength: 1 }
    expect(view.value.grid).toMatchObject({ count: 4, recipe: { prompt: 'a lily', seed: 8, options: { truncation: 0.5, strength: 1 } } })
  })

  it('changes the recipe that is on screen alone', () => {
    const { promptText, view } = formOf(FLOWERS, '?prompt=a+rose&seed=8&subseed=1&subseed_strength=0.5')
    promptText.value = 'a lily'
    expect([view.value.center?.prompt, view.value.grid.recipe.prompt]).toEqual(['a lily', 'a rose'])
  })

  it('collapses the white space of both prompts', () => {
    const { promptText, recipe, secondPrompt, secondPromptText } = formOf(FLOWERS)
    promptText.value = '  a   red rose '
    secondPromptText.value = ' a  lily'
    expect([recipe.value.prompt, secondPrompt.value, promptText.value]).toEqual(['a red rose', 'a lily', '  a   red rose '])
  })

  it('keeps a long text as typed and sends its beginning', () => {
    const { promptText, recipe } = formOf(FLOWERS)
    promptText.value = 'rose '.repeat(10_000)
    expect([recipe.value.prompt?.length, promptText.value.length]).toEqual([1999, 50_000])
  })

  it('sends no prompt to a painter that takes none', () => {
    const { recipe, secondPrompt } = formOf(DIGITS)
    expect([recipe.value.prompt, secondPrompt.value]).toEqual([null, null])
  })

  it('sends the default strength to a painter that takes none, and keeps the chosen one', () => {
    const { options, recipe } = formOf({ ...FLOWERS, takesStrength: false })
    expect([recipe.value.options.strength, options.value.strength]).toEqual([1, 0.5])
  })

  it.each([[false, 0.5], [true, 1]])('trusts a link’s strength until the painters are loaded (prompt only: %s)', (promptOnly, strength) => {
    expect(formOf(null, LINK, promptOnly).recipe.value.options.strength).toBe(strength)
  })
})
