import { shallowRef } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useGenerate } from '../../src/composables/useGenerate'
import type { Generation } from '../../src/composables/useGeneration'
import { useSeeds } from '../../src/composables/useSeeds'
import { parseLink } from '../../src/model/link'
import type { Painter } from '../../src/model/painter'
import { fakePainters, FLOWERS } from '../fakePainters'

const SHAPES: Painter = { ...FLOWERS, name: 'shapes', examplePrompts: ['a red square'] }
const DIGITS: Painter = { ...FLOWERS, name: 'digits', takesPrompt: false, examplePrompts: [] }
const recordPrompt = vi.fn()
const retry = vi.fn()

afterEach(() => vi.clearAllMocks())

function generating(query: string, promptOnly = false) {
  const painters = fakePainters([FLOWERS, SHAPES, DIGITS], promptOnly)
  const form = useForm(painters, parseLink(query))
  const seeds = useSeeds(form.count)
  seeds.startFrom(7)
  const generation = { data: shallowRef<unknown>({}), retry } as unknown as Generation
  const comparison = { data: shallowRef<unknown>({}), retry } as unknown as Generation
  return { comparison, form, generation, seeds, ...useGenerate({ form, painters, seeds, generation, comparison, recordPrompt }) }
}

describe('generate', () => {
  it('draws new seeds and records the prompt', () => {
    const { generate, seeds } = generating('?prompt=a+rose')
    generate()
    expect(seeds.first.value).not.toBe(7)
    expect([recordPrompt.mock.calls.length, retry.mock.calls.length]).toEqual([1, 0])
  })

  it.each([['locked seeds', true, false], ['a server without seeds', false, true]])('repeats the request for %s', (_, locked, promptOnly) => {
    const { generate, seeds } = generating('?prompt=a+rose', promptOnly)
    seeds.locked.value = locked
    generate()
    expect(retry).toHaveBeenCalledOnce()
  })

  it('suggests an example for an empty prompt, and sends nothing', () => {
    const { form, generate, seeds } = generating('')
    generate()
    expect(form.message.value).toBe('The prompt is empty. Try “a rose”.')
    expect([seeds.first.value, recordPrompt.mock.calls.length]).toEqual([7, 0])
  })
})

describe('choosePainter', () => {
  it('clears the pictures, and replaces a prompt that is not among the examples', () => {
    const { choosePainter, comparison, form, generation } = generating('?prompt=a+rose')
    choosePainter('shapes')
    expect([generation.data.value, comparison.data.value, form.prompt.value]).toEqual([null, null, 'a red square'])
  })

  it('leaves modes that the painter does not offer', () => {
    const { choosePainter, form } = generating('?prompt=a+rose')
    form.mode.value = 'compare'
    choosePainter('digits')
    expect([form.mode.value, form.prompt.value]).toEqual(['paint', null])
  })
})
