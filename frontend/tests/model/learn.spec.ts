import { describe, expect, it } from 'vitest'
import { knownWords } from '../../src/model/knownWords'
import {
  DEFAULT_LEARN, exampleSteps, learnFields, learnFromText, seedSteps, strengthSteps, withVariation, wordSteps, type Step,
} from '../../src/model/learn'
import { lookupOf } from '../../src/model/link'
import type { Recipe } from '../../src/model/recipe'

const ROSE: Recipe = { prompt: 'a red rose', seed: 7, painter: 'flowers', options: { truncation: 1, strength: 1 }, variation: null }
const COLORS = [{ name: 'color', values: ['orange', 'red', 'white'] }]

const currentOf = (steps: readonly Step[]): string[] => steps.filter(({ isCurrent }) => isCurrent).map(({ label }) => label)

describe('steps', () => {
  it('replace one word and keep all else', () => {
    const [word] = knownWords('a red rose', COLORS)
    const steps = word ? wordSteps(ROSE, word, []) : []
    expect(steps.map(({ recipe }) => recipe)).toEqual(['an orange rose', 'a red rose', 'a white rose'].map((prompt) => ({ ...ROSE, prompt })))
    expect([currentOf(steps), steps.map(({ name }) => name)]).toEqual([['red'], ['an orange rose', 'a red rose', 'a white rose']])
  })

  it('leave the prompt on screen as it is written', () => {
    const shouted = { ...ROSE, prompt: 'A RED rose' }
    const [word] = knownWords(shouted.prompt, COLORS)
    expect(word && wordSteps(shouted, word, []).map(({ name }) => name)).toEqual(['An orange rose', 'A RED rose', 'A white rose'])
  })

  it.each([
    ['a cat', ['a cat', 'a daisy', 'a rose']],
    ['a rose', ['a daisy', 'a rose']],
    [null, ['a daisy', 'a rose']],
  ])('are the examples for a prompt without known words: %s', (prompt, labels) => {
    const steps = exampleSteps({ ...ROSE, prompt }, ['a daisy', 'a rose'])
    expect([steps.map(({ label }) => label), currentOf(steps)]).toEqual([labels, prompt === null ? [] : [prompt]])
  })

  it('are strengths from 0 to 1.5, the recipe’s own among them', () => {
    expect(strengthSteps(ROSE).map(({ recipe }) => recipe.options.strength)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5])
    const steps = strengthSteps({ ...ROSE, options: { truncation: 0.5, strength: 0.6 } })
    expect([steps.map(({ label }) => label), currentOf(steps)]).toEqual([['0', '0.25', '0.6', '0.75', '1', '1.25', '1.5'], ['0.6']])
    expect(steps[0]?.recipe).toEqual({ ...ROSE, options: { truncation: 0.5, strength: 0 } })
  })

  it('are the seed’s own picture and six on their way to the next seeds', () => {
    const steps = seedSteps({ ...ROSE, seed: 4294967294 }, 0.25)
    expect(steps.map(({ recipe }) => recipe.variation?.subseed ?? null)).toEqual([null, 4294967295, 0, 1, 2, 3, 4])
    expect(new Set(steps.map(({ recipe }) => recipe.seed))).toEqual(new Set([4294967294]))
    expect([steps[2]?.name, currentOf(steps)]).toEqual(['Seed 4294967294, 25% towards 0', ['4294967294']])
  })

  it('stay where they are when one of them is chosen', () => {
    const labels = seedSteps(ROSE, 0.25).map(({ label }) => label)
    const chosen = seedSteps({ ...ROSE, variation: { subseed: 13, strength: 0.25 } }, 0.25)
    expect([chosen.map(({ label }) => label), currentOf(chosen)]).toEqual([labels, ['25% towards 13']])
  })

  it('have the variation of a link among them, whichever it is', () => {
    for (const subseed of [14, 2000000001, 6]) {
      expect(currentOf(seedSteps({ ...ROSE, variation: { subseed, strength: 0.25 } }, 0.25))).toEqual([`25% towards ${subseed}`])
    }
  })

  it('are other seeds’ own pictures at the end of the way', () => {
    const [own, next] = seedSteps(ROSE, 1)
    expect([own?.recipe, next?.recipe, next?.name]).toEqual([ROSE, { ...ROSE, seed: 8 }, 'Seed 8'])
  })
})

describe('the state', () => {
  it.each([
    DEFAULT_LEARN,
    { subseed: 9, distance: 0.25, word: 'species' },
    { subseed: null, distance: 0.6, word: null },
    { subseed: 0, distance: 1, word: 'color 2' },
  ])('round-trips through a link: %j', (learn) => {
    const fields = Object.entries(learnFields(learn)).map(([name, value]) => [name, String(value)])
    expect(learnFromText(lookupOf(`?${new URLSearchParams(fields)}`))).toEqual(learn)
  })

  it.each(['subseed_strength=0', 'subseed_strength=2', 'subseed=7', 'word=', 'subseed=-1&subseed_strength=x'])('ignores what is invalid: %s', (query) => {
    expect(learnFromText(lookupOf(`?${query}`))).toEqual(DEFAULT_LEARN)
  })

  it('keeps its distance when the seed’s own picture is shown', () => {
    const varied = withVariation(DEFAULT_LEARN, { subseed: 9, strength: 0.6 })
    expect(withVariation(varied, null)).toEqual({ ...DEFAULT_LEARN, distance: 0.6 })
  })
})
