import { describe, expect, it } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useShow } from '../../src/composables/useShow'
import type { Recipe } from '../../src/model/recipe'
import { pngWithText, webpWithText } from '../media/files'
import { fakeNavigation } from '../fakeNavigation'
import { fakePainters, FLOWERS, SHAPES } from '../fakePainters'

const DISC: Recipe = { prompt: 'a disc', seed: 103, painter: 'shapes', options: { truncation: 0.5, strength: 0 }, variation: null }

function showing(link: string) {
  const navigation = fakeNavigation(link)
  const painters = fakePainters(navigation, [FLOWERS, SHAPES])
  const form = useForm(navigation, painters)
  return { form, ...navigation, ...useShow(navigation, form, painters) }
}

/** A file; jsdom's own files cannot be read. */
function fileOf(content: Uint8Array<ArrayBuffer>): File {
  return { size: content.length, arrayBuffer: () => Promise.resolve(content.buffer) } as unknown as File
}

describe('useShow', () => {
  it('fills the second prompt with another example, unless there is one', () => {
    const { showMode, view } = showing('?prompt=a+daisy')
    showMode('compare')
    expect(view.value.secondPrompt).toBe('a rose')
    view.value = { ...view.value, secondPrompt: 'an iris' }
    showMode('morph')
    expect(view.value.secondPrompt).toBe('an iris')
  })

  it('paints all of a picture again, its painter and options included', () => {
    const { form, paintAgain } = showing('?prompt=a+rose&view=gallery')
    paintAgain(DISC)
    expect([form.mode.value, form.recipe.value]).toEqual(['paint', DISC])
  })

  it('varies all of a picture, and leaves the grid as it was', () => {
    const { form, showVariations, view } = showing('?prompt=a+rose')
    const { grid } = view.value
    showVariations(DISC)
    expect(form.mode.value).toBe('variations')
    expect(form.recipe.value).toMatchObject({ ...DISC, variation: { strength: 0.25 } })
    expect(view.value.grid).toBe(grid)
  })

  it('shows another recipe in the same mode', () => {
    const { form, showRecipe, shown, view } = showing('?view=learn&prompt=a+rose&seed=7')
    showRecipe({ ...form.recipe.value, prompt: 'a lily', variation: { subseed: 9, strength: 0.5 } })
    expect([view.value.mode, form.recipe.value.prompt, form.recipe.value.variation?.subseed, shown.length]).toEqual(['learn', 'a lily', 9, 1])
  })

  it('begins Learn with the grid’s first picture', () => {
    const { form, showMode } = showing('?view=learn&prompt=a+rose&seed=7&subseed=9&subseed_strength=0.5')
    showMode('paint')
    showMode('learn')
    expect(form.recipe.value).toMatchObject({ seed: 7, variation: null })
  })

  it('morphs from one picture to another, whatever is shown in between', () => {
    const { morph, showMode, view } = showing('?prompt=a+rose')
    morph('from', DISC)
    showMode('gallery')
    morph('to', { ...DISC, prompt: 'a square', seed: 202 })
    expect(view.value.morph).toEqual({ from: DISC, to: { prompt: 'a square', seed: 202, variation: null } })
  })

  it('takes the grid as the default painter’s when it is morphed', () => {
    const { morph, view } = showing('?prompt=a+rose&seed=7')
    morph('to', { ...DISC, painter: 'flowers' })
    expect(view.value.morph?.from).toMatchObject({ prompt: 'a rose', seed: 7, painter: 'flowers' })
  })

  it.each([
    ['a picture', pngWithText({ prompt: 'a disc', seed: '103' }), 'paint'],
    ['a variation', pngWithText({ prompt: 'a disc', seed: '103', subseed: '1', subseed_strength: '0.5' }), 'variations'],
    ['a morph', webpWithText('{"prompt": "a disc", "seed": "103", "to_seed": "202", "steps": "60"}'), 'morph'],
  ])('shows what a file was painted from: %s', async (_, content, mode) => {
    const { form, showFile } = showing('?prompt=a+rose&count=3')
    await showFile(fileOf(content))
    expect([form.mode.value, form.recipe.value.prompt, form.recipe.value.seed, form.count.value]).toEqual([mode, 'a disc', 103, 3])
  })

  it('reports a file that does not say what it was painted from', async () => {
    const { form, showFile, shown } = showing('?prompt=a+rose')
    await showFile(fileOf(pngWithText({ truncation: '0.5' })))
    expect([form.message.value, shown.length]).toEqual(['This file contains no prompt or seed.', 0])
  })
})
