import { computed, nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import type { FormState } from '../../src/composables/useForm'
import type { GalleryState } from '../../src/composables/useGallery'
import type { Generation } from '../../src/composables/useGeneration'
import type { Opened } from '../../src/composables/useNavigation'
import { useOpening } from '../../src/composables/useOpening'
import { pictureKey, type Picture } from '../../src/model/picture'
import { recipeOf } from '../../src/model/recipe'
import type { Mode } from '../../src/model/view'
import { fakeNavigation } from '../fakeNavigation'
import { useScope } from '../scope'

const run = useScope()

function pictureOf(prompt: string, seed: number): Picture {
  return { source: `data:image/png;base64,${btoa(String(seed))}`, prompt, seed, painter: null, options: { truncation: 1, strength: 1 }, variation: null }
}

function generationOf(...pictures: Picture[]): Generation {
  return { data: shallowRef({ pictures }) } as unknown as Generation
}

const [rose, otherRose, daisy, otherDaisy] = [pictureOf('a rose', 7), pictureOf('a rose', 8), pictureOf('a daisy', 7), pictureOf('a daisy', 8)]
const saved = [otherDaisy, rose].map((picture) => ({ ...recipeOf(picture), key: pictureKey(picture) }))

/** A page opened by the link of a picture, whose pictures arrive after another. */
function linked(link: string) {
  const { generation, opened } = opening('paint', link)
  const { value: arrived } = generation.data
  generation.data.value = null
  async function arrive(): Promise<void> {
    await nextTick()
    generation.data.value = arrived
    await nextTick()
  }
  return { opened, arrive }
}

function opening(mode: Mode, link = '?seed=7') {
  const navigation = fakeNavigation(link)
  const gallery = {
    pictures: shallowRef(saved),
    fileOf: ({ seed }: Picture) => Promise.resolve(new TextEncoder().encode(String(seed))),
  } as unknown as GalleryState
  const generations = {
    generation: generationOf(rose, otherRose), comparison: generationOf(daisy, otherDaisy),
    original: generationOf(rose), variations: generationOf(daisy, otherDaisy),
  }
  const form = { mode: computed(() => mode) } as unknown as FormState
  return { ...navigation, generation: generations.generation, ...run(() => useOpening({ form, gallery, navigation, ...generations })) }
}

const nameOf = (opened: Opened | null): string => (opened && opened !== 'painters' ? `${opened.prompt} ${opened.seed}` : '')

describe('useOpening', () => {
  it.each([
    ['paint', rose, ['a rose 7', 'a rose 8', 'a rose 8']],
    ['compare', rose, ['a rose 7', 'a daisy 7', 'a rose 8']],
    ['variations', rose, ['a rose 7', 'a daisy 7', 'a daisy 8']],
    ['learn', rose, ['a rose 7', 'a rose 7', 'a rose 7']],
    ['gallery', otherDaisy, ['a daisy 8', 'a rose 7', 'a rose 7']],
  ] as const)('steps through the pictures of %s', async (mode, first, names) => {
    const { open, opened, place, step } = opening(mode)
    await open(first)
    expect(place.value?.position).toBe(1)
    const seen = [nameOf(opened.value)]
    for (const by of [1, 1]) {
      step(by)
      await Promise.resolve()
      seen.push(nameOf(opened.value))
    }
    expect(seen).toEqual(names)
  })

  it('has no place for a picture that is not of the view', async () => {
    const { open, opened, place, step } = opening('paint')
    await open(daisy)
    step(1)
    expect([place.value, opened.value]).toMatchObject([null, daisy])
  })

  it('opens the picture of a link once it is painted, and no other', async () => {
    const { opened, arrive } = linked('?prompt=a+rose&seed=8&open=1')
    await arrive()
    expect(opened.value).toMatchObject({ prompt: 'a rose', seed: 8 })
    for (const link of ['?prompt=a+rose&seed=8', '?prompt=a+rose&seed=9&open=1', '?prompt=a+daisy&seed=8&open=1']) {
      const other = linked(link)
      await other.arrive()
      expect(other.opened.value).toBeNull()
    }
  })
})
