import { describe, expect, it } from 'vitest'
import { formatRecipe, formatView, lookupOf, viewFromText } from '../../src/model/link'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { newView, type View } from '../../src/model/view'
import { viewOf } from '../fakeNavigation'

const ROSE = { prompt: 'a “red” rose & more?', seed: 4294967295, painter: 'flowers', options: { truncation: 0.35, strength: 0 }, variation: null }
const VARIED = { ...ROSE, variation: { subseed: 1, strength: 0.123 } }
const LILY = { prompt: 'a lily', seed: 0, variation: { subseed: 2, strength: 1 } }
const GRID = { recipe: ROSE, count: 16, pins: new Map([[1, 103], [15, 0]]), locked: true }
const VIEW: View = { ...newView(3), grid: GRID }

describe('links', () => {
  it.each<[string, View]>([
    ['a grid with pins and a lock', VIEW],
    ['a comparison', { ...VIEW, mode: 'compare', secondPrompt: 'a lily' }],
    ['a comparison without a second prompt', { ...VIEW, mode: 'compare' }],
    ['variations', { ...VIEW, mode: 'variations', grid: { ...newView(3).grid, recipe: ROSE }, center: VARIED }],
    ['a morph', { ...VIEW, mode: 'morph', grid: { ...newView(3).grid, recipe: ROSE }, morph: { from: ROSE, to: LILY } }],
    ['Learn', { ...VIEW, mode: 'learn' }],
    ['Learn of a neighbour', { ...VIEW, mode: 'learn', learn: { subseed: 1, distance: 0.6, word: 'color' } }],
    ['the gallery', { ...VIEW, mode: 'gallery' }],
  ])('round-trip all of a view: %s', (_, view) => {
    expect(viewOf(formatView(view))).toEqual(view)
  })

  it('round-trip the ends of a morph that are variations', () => {
    const view: View = { ...VIEW, mode: 'morph', morph: { from: VARIED, to: LILY } }
    expect(viewOf(formatView(view)).morph).toEqual(view.morph)
  })

  it('leave out defaults', () => {
    expect(formatRecipe({ ...ROSE, prompt: ' a  rose', seed: 7, options: DEFAULT_OPTIONS })).toBe('?prompt=a+rose&seed=7&painter=flowers')
    expect(formatView(newView(7))).toBe('?seed=7')
    expect(formatRecipe({ prompt: null, seed: null, painter: null, options: DEFAULT_OPTIONS, variation: null })).toBe('')
  })

  it.each([
    '?seed=-1&count=0&truncation=0', '?seed=4294967296&count=17&truncation=1.01', '?seed=1.5&count=2.5&truncation=x',
    '?seed=0x7&towards=7&strength=1.6', '?subseed=1&subseed_strength=0.5&strength=-0.1', '?prompt=%20%20&painter=&strength=%20',
    '?pins=0-1.17-1.3-4294967296.x-2.-5&locked=yes&view=x', '?to_prompt=a+lily&to_seed=-1',
  ])('ignore invalid parameters: %s', (link) => {
    expect(viewOf(link)).toEqual(newView(7))
  })

  it.each(['subseed=1', 'subseed_strength=0.5', 'subseed=-1&subseed_strength=0.5', 'subseed=1&subseed_strength=0', 'subseed=1&subseed_strength=1.1'])(
    'ignore an invalid variation: %s',
    (query) => expect(viewOf(`?seed=8&${query}`)).toMatchObject({ mode: 'paint', center: null, grid: { recipe: { seed: 8 } } }),
  )

  it('leave what they lack as it was: the count, the lock, the second prompt', () => {
    const view = viewFromText(lookupOf('?prompt=a+lily&seed=7'), { ...VIEW, secondPrompt: 'a daisy' })
    expect(view).toMatchObject({ secondPrompt: 'a daisy', grid: { count: 16, locked: true, pins: new Map() } })
    expect(view.grid.recipe).toMatchObject({ prompt: 'a lily', painter: null, options: DEFAULT_OPTIONS })
  })

  it('morph one prompt if there is no second', () => {
    expect(viewOf('?prompt=a+rose&seed=1&to_seed=2').morph?.to).toEqual({ prompt: 'a rose', seed: 2, variation: null })
  })
})
