import { computed, nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useCorrections } from '../../src/composables/useCorrections'
import { useForm } from '../../src/composables/useForm'
import { fakeNavigation, viewOf } from '../fakeNavigation'
import { DIGITS, fakePainters, FLOWERS } from '../fakePainters'
import { useScope } from '../scope'

const run = useScope()

function correcting(link: string) {
  return run(() => {
    const navigation = fakeNavigation(link)
    const isPromptOnly = ref(false)
    const painters = { ...fakePainters(navigation, [FLOWERS, DIGITS]), promptOnly: computed(() => isPromptOnly.value) }
    const form = useForm(navigation, painters)
    useCorrections(navigation, form, painters)
    return { form, isPromptOnly, view: navigation.view }
  })
}

describe('useCorrections', () => {
  it('clears the message when the prompt changes', async () => {
    const { form } = correcting('')
    form.message.value = 'The prompt is empty.'
    form.promptText.value = 'a'
    await nextTick()
    expect(form.message.value).toBe('')
  })

  it.each([
    ['a grid', '?prompt=a+lily&seed=1&painter=trees'],
    ['variations', '?prompt=a+lily&seed=1&painter=trees&subseed=1&subseed_strength=0.5'],
    ['a morph', '?prompt=a+lily&seed=1&painter=trees&to_seed=2'],
  ])('paints with another painter if the server does not have that of %s, and says so', async (_, link) => {
    const { form, view } = correcting('?prompt=a+rose')
    view.value = viewOf(link)
    await nextTick()
    expect(form.message.value).toBe('The painter “trees” is not available; using flowers.')
    expect(form.recipe.value).toMatchObject({ prompt: 'a lily', painter: null })
  })

  it('compares nothing by a painter without prompts', async () => {
    const { view } = correcting('?prompt=a+rose')
    view.value = viewOf('?painter=digits&second_prompt=a+lily')
    await nextTick()
    expect(view.value.mode).toBe('paint')
  })

  it('leaves what a server of prompts alone does not have', async () => {
    const { isPromptOnly, view } = correcting('?prompt=a+rose&seed=1&subseed=1&subseed_strength=0.5')
    isPromptOnly.value = true
    await nextTick()
    expect([view.value.mode, view.value.grid.recipe.seed]).toEqual(['paint', null])
  })
})
