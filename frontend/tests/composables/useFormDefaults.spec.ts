import { nextTick } from 'vue'
import { describe, expect, it } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useFormDefaults } from '../../src/composables/useFormDefaults'
import { useSeeds } from '../../src/composables/useSeeds'
import { parseLink } from '../../src/model/link'
import type { Painter } from '../../src/model/painter'
import { fakePainters, FLOWERS } from '../fakePainters'
import { useScope } from '../scope'

const run = useScope()

function formOf(query: string, painter: Painter = FLOWERS) {
  return run(() => {
    const painters = fakePainters([painter])
    const form = useForm(painters, parseLink(query))
    const seeds = useSeeds(form.count)
    seeds.startFrom(7)
    useFormDefaults(form, painters, seeds)
    return { form, seeds }
  })
}

describe('useFormDefaults', () => {
  it('fills the second prompt with another example, unless there is one', async () => {
    const { form } = formOf('?prompt=a+daisy')
    form.mode.value = 'compare'
    await nextTick()
    expect(form.secondPromptText.value).toBe('a rose')
    form.secondPromptText.value = 'an iris'
    form.mode.value = 'morph'
    await nextTick()
    expect(form.secondPromptText.value).toBe('an iris')
  })

  it.each([
    ['one seed for two prompts', FLOWERS, [], [7, 7]],
    ['two seeds without prompts', { ...FLOWERS, takesPrompt: false }, [], [7, 8]],
    ['the seeds of two pins', FLOWERS, [1, 3], [8, 10]],
    ['the seed of one pin for two prompts', FLOWERS, [2], [9, 9]],
  ])('morphs between %s', async (_, painter, pins, ends) => {
    const { form, seeds } = formOf('?prompt=a+daisy', painter)
    for (const index of pins) seeds.togglePin(index)
    form.mode.value = 'morph'
    await nextTick()
    expect(form.morphSeeds.value).toEqual(ends)
  })

  it('clears the message when the prompt changes', async () => {
    const { form } = formOf('')
    form.message.value = 'The prompt is empty.'
    form.promptText.value = 'a'
    await nextTick()
    expect(form.message.value).toBe('')
  })
})
