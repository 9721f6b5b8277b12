import { describe, expect, it } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useLearn } from '../../src/composables/useLearn'
import type { Painter } from '../../src/model/painter'
import { withRecipeOnScreen } from '../../src/model/view'
import { fakeNavigation } from '../fakeNavigation'
import { DIGITS, fakePainters, FLOWERS, SHAPES } from '../fakePainters'
import { embeddings, paintings, serve } from '../fakeServer'
import { settle, useScope } from '../scope'

const run = useScope()
const LABELS = { data: { labels: { color: ['orange', 'red', 'white'], species: ['daisy', 'rose', 'tulip', 'iris'] } } }
const LABELLED: Painter = { ...FLOWERS, card: LABELS }

function learning(link: string, painters: readonly Painter[] = [LABELLED]) {
  const requests = serve((url) => (url.pathname === '/' ? paintings(url) : embeddings()))
  const navigation = fakeNavigation(link)
  const all = fakePainters(navigation, painters)
  const form = run(() => useForm(navigation, all))
  return { requests, form, ...navigation, ...run(() => useLearn(navigation, form, all)) }
}

/** Which values of a parameter the requests have. */
function valuesOf(requests: readonly string[], name: string): (string | null)[] {
  return requests.filter((path) => path.startsWith('/?')).map((path) => new URL(path, 'http://server').searchParams.get(name))
}

describe('useLearn', () => {
  it('paints every strip once, with one seed', async () => {
    const { requests, seeds, strengths, words } = learning('?view=learn&prompt=a+red+rose&seed=7')
    await settle()
    expect([words, strengths, seeds].map(({ generation }) => generation.data.value?.pictures.length)).toEqual([3, 7, 7])
    expect(new Set(valuesOf(requests, 'seed'))).toEqual(new Set(['7']))
    expect(valuesOf(requests, 'input').sort()).toEqual([...Array<string>(10).fill('a red rose'), 'a white rose', 'an orange rose'])
    expect(valuesOf(requests, 'strength').filter(Boolean)).toEqual(['0', '0.25', '0.5', '0.75', '1.25', '1.5'])
    expect(requests).toContain('/?count=6&input=a+red+rose&seed=7&subseed=8&subseed_strength=0.25')
    expect(requests.filter((path) => path === '/v1/embeddings')).toHaveLength(1)
  })

  it('paints nothing in another mode, and without a prompt', async () => {
    const { requests } = learning('?prompt=a+red+rose&seed=7')
    const { requests: others, seeds } = learning('?view=learn&seed=7')
    await settle()
    expect([requests, others, seeds.steps.value]).toEqual([[], [], []])
  })

  it('paints a strip again only if its pictures change', async () => {
    const { requests, show, strengths, view, words } = learning('?view=learn&prompt=a+red+rose&seed=7')
    await settle()
    requests.splice(0)
    const [, , white] = words.steps.value
    if (white) show(withRecipeOnScreen(view.value, white.recipe))
    await settle()
    expect(words.steps.value.find(({ isCurrent }) => isCurrent)?.label).toBe('white')
    expect(new Set(valuesOf(requests, 'input'))).toEqual(new Set(['a white rose']))
    requests.splice(0)
    const [seedAlone] = strengths.steps.value
    if (seedAlone) show(withRecipeOnScreen(view.value, seedAlone.recipe))
    await settle()
    expect(new Set(valuesOf(requests, 'strength'))).toEqual(new Set(['0']))
  })

  it('replaces the word that is chosen, as long as the prompt has it', async () => {
    const { chooseWord, form, knownWords, view, word, words } = learning('?view=learn&prompt=a+red+rose&seed=7')
    const species = knownWords.value.find(({ id }) => id === 'species')
    if (species) chooseWord(species)
    await settle()
    expect([word.value?.value, view.value.learn.word, words.generation.data.value?.pictures.length]).toEqual(['rose', 'species', 4])
    form.promptText.value = 'something white'
    expect(word.value?.value).toBe('white')
  })

  it('offers examples for a prompt without known words', () => {
    const { words } = learning('?view=learn&prompt=a+cat&seed=7')
    expect(words.steps.value.map(({ label }) => label)).toEqual(['a cat', 'a daisy', 'a rose', 'a tulip'])
  })

  it.each([
    [{ ...SHAPES, takesStrength: false }, '&prompt=a+disc', [3, 0, 7], 1],
    [{ ...DIGITS, takesStrength: false }, '', [0, 0, 7], 0],
  ])('has no strips of what a painter does not take', async (painter, query, counts, embeddingCount) => {
    const { requests, seeds, strengths, words } = learning(`?view=learn&seed=7${query}`, [painter])
    await settle()
    expect([words, strengths, seeds].map(({ steps }) => steps.value.length)).toEqual(counts)
    expect(requests.filter((path) => path === '/v1/embeddings')).toHaveLength(embeddingCount)
  })

  it('moves the chosen neighbour with the distance', () => {
    const { distance, form, seeds, show, view } = learning('?view=learn&prompt=a+rose&seed=7')
    const [, , neighbour] = seeds.steps.value
    if (neighbour) show(withRecipeOnScreen(view.value, neighbour.recipe))
    distance.value = 0.6
    expect(form.recipe.value.variation).toEqual({ subseed: 9, strength: 0.6 })
    expect(seeds.steps.value.find(({ isCurrent }) => isCurrent)?.label).toBe('60% towards 9')
  })
})
