import { nextTick, ref, shallowRef } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import type { GalleryState } from '../../src/composables/useGallery'
import type { Generation } from '../../src/composables/useGeneration'
import { useRecorder } from '../../src/composables/useRecorder'
import { useSeeds } from '../../src/composables/useSeeds'
import { parseLink } from '../../src/model/link'
import { fakePainters, FLOWERS } from '../fakePainters'
import { useScope } from '../scope'

const run = useScope()
const addToHistory = vi.fn<GalleryState['addToHistory']>()
const replaceAddress = vi.fn()

afterEach(() => vi.clearAllMocks())

function recording() {
  const pictures = shallowRef<readonly unknown[]>([])
  const persistent = ref(true)
  const data = shallowRef<unknown>(null)
  return run(() => {
    const painters = fakePainters([FLOWERS])
    const form = useForm(painters, parseLink('?prompt=a+rose'))
    const seeds = useSeeds(form.count)
    seeds.startFrom(7)
    const gallery = { pictures, persistent, addToHistory } as unknown as GalleryState
    const generation = { data, error: shallowRef(null) } as unknown as Generation
    useRecorder({ form, painters, seeds, gallery, generation, replaceAddress })
    return { data, form, persistent, pictures }
  })
}

async function wait(ms: number): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(ms)
}

describe('useRecorder', () => {
  it('records the prompt and the address once the pictures stay a while', async () => {
    const { data } = recording()
    data.value = {}
    await wait(1499)
    expect(addToHistory).not.toHaveBeenCalled()
    await wait(1)
    expect(addToHistory).toHaveBeenCalledExactlyOnceWith({ prompt: 'a rose', seed: 7, painter: 'flowers' })
    expect(replaceAddress.mock.lastCall).toMatchObject([{ prompt: 'a rose', seed: 7, count: 5 }])
  })

  it('records nothing while the gallery is open', async () => {
    const { data, form } = recording()
    data.value = {}
    form.mode.value = 'gallery'
    await wait(2000)
    expect([addToHistory.mock.calls, replaceAddress.mock.calls]).toEqual([[], []])
  })

  it('warns of a picture that the browser does not store', async () => {
    const { form, persistent, pictures } = recording()
    persistent.value = false
    pictures.value = [{}]
    await nextTick()
    expect(form.message.value).toMatch(/does not store data/)
  })
})
