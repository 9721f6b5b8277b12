import { describe, expect, it } from 'vitest'
import { morphOf, recipeOnScreen, withPicture, withPin, withRecipeOnScreen, withSecondPrompt } from '../../src/model/view'
import { viewOf } from '../fakeNavigation'

const GRID = viewOf('?prompt=a+daisy&seed=7')

describe('the ends of a morph', () => {
  it.each([
    ['one seed for two prompts', { ...GRID, secondPrompt: 'a rose' }, [], [7, 7]],
    ['two seeds without prompts', viewOf('?seed=4294967295'), [], [4294967295, 0]],
    ['the seeds of two pins', { ...GRID, secondPrompt: 'a rose' }, [1, 3], [8, 10]],
    ['the seed of one pin for two prompts', { ...GRID, secondPrompt: 'a rose' }, [2], [9, 9]],
  ])('follow the grid: %s', (_, view, pins, seeds) => {
    const { from, to } = morphOf(pins.reduce(withPin, view))
    expect([from.seed, to.seed]).toEqual(seeds)
  })

  it('stay once they are chosen, until two pictures are pinned', () => {
    const chosen = viewOf('?prompt=a+daisy&seed=103&to_prompt=a+rose&to_seed=202')
    expect(morphOf(withPin({ ...chosen, grid: GRID.grid }, 0)).from.seed).toBe(103)
    expect(morphOf([0, 1].reduce(withPin, { ...chosen, grid: GRID.grid })).from.seed).toBe(7)
  })
})

describe('the recipe on screen', () => {
  it.each([
    ['the grid', '?prompt=a+daisy&seed=7', '?prompt=a+lily&seed=7'],
    ['variations', '?prompt=a+daisy&seed=7&subseed=1&subseed_strength=0.5', '?prompt=a+lily&seed=7&subseed=1&subseed_strength=0.5'],
    ['a morph', '?prompt=a+daisy&seed=7&to_prompt=a+rose&to_seed=7', '?prompt=a+lily&seed=7&to_prompt=a+rose&to_seed=7'],
  ])('changes alone: %s', (_, before, after) => {
    const [view, changed] = [viewOf(before), viewOf(after)]
    const recipe = changed.mode === 'morph' ? changed.morph?.from : (changed.center ?? changed.grid.recipe)
    expect(recipe).toBeDefined()
    const { mode, center, morph, grid } = withRecipeOnScreen(view, recipe ?? view.grid.recipe)
    expect({ mode, center, morph }).toEqual({ mode: changed.mode, center: changed.center, morph: changed.morph })
    expect(grid).toEqual(mode === 'paint' ? changed.grid : view.grid)
  })

  it('is in Learn the grid’s first picture or a neighbour of it, and the grid keeps no variation', () => {
    const view = viewOf('?view=learn&prompt=a+daisy&seed=7&subseed=9&subseed_strength=0.5')
    const recipe = recipeOnScreen(view)
    expect(recipe).toMatchObject({ prompt: 'a daisy', seed: 7, variation: { subseed: 9, strength: 0.5 } })
    const changed = withRecipeOnScreen(view, { ...recipe, prompt: 'a lily' })
    expect(recipeOnScreen(changed)).toEqual({ ...recipe, prompt: 'a lily' })
    expect(changed.grid.recipe).toMatchObject({ prompt: 'a lily', variation: null })
    expect(recipeOnScreen({ ...changed, mode: 'paint' }).variation).toBeNull()
  })

  it('has a second prompt of its own in a morph', () => {
    const view = withSecondPrompt(viewOf('?seed=7&to_seed=8'), 'a lily')
    expect([view.secondPrompt, view.morph?.to.prompt]).toEqual(['', 'a lily'])
    expect(withSecondPrompt(viewOf('?seed=7&second_prompt=x'), 'a lily').secondPrompt).toBe('a lily')
  })
})

describe('a picture that is shown again', () => {
  const LILY = { prompt: 'a lily', seed: 1, painter: 'shapes', options: { truncation: 0.5, strength: 0 }, variation: null }

  it('is the first of the grid, without pins', () => {
    const { mode, grid } = withPicture({ ...withPin(GRID, 1), mode: 'gallery' }, LILY)
    expect([mode, grid.recipe, grid.pins.size]).toEqual(['paint', LILY, 0])
  })

  it('leaves the grid alone if it is a variation', () => {
    const varied = { ...LILY, variation: { subseed: 2, strength: 0.5 } }
    expect(withPicture(GRID, varied)).toEqual({ ...GRID, mode: 'variations', center: varied })
  })
})
