import { shallowRef } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useGenerate } from '../../src/composables/useGenerate'
import type { Generation } from '../../src/composables/useGeneration'
import { fakeNavigation } from '../fakeNavigation'
import { DIGITS, fakePainters, FLOWERS, SHAPES } from '../fakePainters'

const record = vi.fn()
const retry = vi.fn()

afterEach(() => vi.clearAllMocks())

function generating(link: string, promptOnly = false) {
  const navigation = fakeNavigation(link)
  const painters = fakePainters(navigation, [FLOWERS, SHAPES, DIGITS], promptOnly)
  const form = useForm(navigation, painters)
  const generation = { data: shallowRef<unknown>({}), retry } as unknown as Generation
  return { form, ...navigation, ...useGenerate({ form, generation, navigation, painters, record }) }
}

describe('generate', () => {
  it('shows new seeds, and records the old ones', () => {
    const { generate, shown, view } = generating('?prompt=a+rose&seed=7')
    generate()
    expect(view.value.grid.recipe.seed).not.toBe(7)
    expect([shown.length, record.mock.calls.length, retry.mock.calls.length]).toEqual([1, 1, 0])
  })

  it.each([
    ['held seeds, and says so', '&locked=1', false, 'The seeds are held, so these are the same pictures. Release “Hold seeds” for others.'],
    ['a server without seeds', '', true, ''],
  ])('repeats the request for %s', (_, link, promptOnly, message) => {
    const { form, generate, shown } = generating(`?prompt=a+rose${link}`, promptOnly)
    generate()
    expect([retry.mock.calls.length, shown.length, form.message.value]).toEqual([1, 0, message])
  })

  it('shows other variations of the same picture, and leaves the grid alone', () => {
    const { generate, view } = generating('?prompt=a+rose&seed=7&subseed=1&subseed_strength=0.5')
    const { grid } = view.value
    generate()
    expect(view.value.center).toMatchObject({ seed: 7, variation: { strength: 0.5 } })
    expect(view.value.center?.variation?.subseed).not.toBe(1)
    expect(view.value.grid).toBe(grid)
  })

  it('shows another seed in Learn, and its own picture', () => {
    const { generate, view } = generating('?view=learn&prompt=a+rose&seed=7&subseed=1&subseed_strength=0.5')
    generate()
    expect(view.value.grid.recipe.seed).not.toBe(7)
    expect([view.value.mode, view.value.learn.subseed]).toEqual(['learn', null])
  })

  it('keeps a held seed in Learn, and says so', () => {
    const { form, generate, shown } = generating('?view=learn&prompt=a+rose&seed=7&locked=1')
    generate()
    expect([shown.length, retry.mock.calls.length, form.message.value.includes('held')]).toEqual([0, 0, true])
  })

  it('changes nothing in a morph', () => {
    const { generate, shown } = generating('?prompt=a+rose&seed=7&to_seed=8')
    generate()
    expect([shown.length, retry.mock.calls.length]).toEqual([0, 0])
  })

  it('suggests an example for an empty prompt, and sends nothing', () => {
    const { form, generate, shown } = generating('')
    generate()
    expect(form.message.value).toBe('The prompt is empty. Try “a daisy”.')
    expect([shown.length, record.mock.calls.length]).toEqual([0, 0])
  })
})

describe('choosePainter', () => {
  it('replaces the examples of another painter', () => {
    const { choosePainter, form, view } = generating('?prompt=a+rose&second_prompt=a+tulip')
    choosePainter('shapes')
    expect([form.recipe.value.painter, form.promptText.value, view.value.secondPrompt]).toEqual(['shapes', 'a blue disc', 'a red square'])
  })

  it('keeps the user’s own words, whatever is looked at in between', () => {
    const { choosePainter, form } = generating('?prompt=a+red+tulip+beside+a+pond')
    for (const [name, prompt] of [['digits', null], ['shapes', 'a red tulip beside a pond'], ['flowers', 'a red tulip beside a pond']] as const) {
      choosePainter(name)
      expect(form.recipe.value).toMatchObject({ painter: name, prompt })
    }
  })

  it('leaves variations, which were those of a picture of another painter', () => {
    const { choosePainter, form } = generating('?prompt=a+rose&seed=7&subseed=1&subseed_strength=0.5')
    choosePainter('shapes')
    expect(form.mode.value).toBe('paint')
  })
})

it('an example is shown in a view of its own', () => {
  const { choosePrompt, form, shown } = generating('?prompt=a+rose')
  choosePrompt('a tulip')
  expect([form.promptText.value, shown.length]).toEqual(['a tulip', 1])
})
