import { nextTick, ref, shallowRef } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import type { GalleryState } from '../../src/composables/useGallery'
import type { Generation } from '../../src/composables/useGeneration'
import { useRecorder } from '../../src/composables/useRecorder'
import { fakeNavigation } from '../fakeNavigation'
import { fakePainters, FLOWERS } from '../fakePainters'
import { useScope } from '../scope'

const run = useScope()
const PAINTED = { pictures: [{}] }
const addToHistory = vi.fn<GalleryState['addToHistory']>()

afterEach(() => vi.clearAllMocks())

function recording(link: string) {
  const pictures = shallowRef<readonly unknown[]>([])
  const persistent = ref(true)
  const data = shallowRef<unknown>(null)
  const pending = ref(false)
  return run(() => {
    const navigation = fakeNavigation(link)
    const painters = fakePainters(navigation, [FLOWERS])
    const form = useForm(navigation, painters)
    const gallery = { pictures, persistent, addToHistory } as unknown as GalleryState
    const generation = { data, error: shallowRef(null), pending } as unknown as Generation
    const { record } = useRecorder({ form, gallery, generation, navigation, painters })
    return { data, form, pending, persistent, pictures, record }
  })
}

async function wait(ms: number): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(ms)
}

describe('useRecorder', () => {
  it('records the grid once its pictures stay a while', async () => {
    const { data } = recording('?prompt=a+rose&seed=7&count=3&pins=2-103&strength=0.3&locked=1&second_prompt=a+lily')
    data.value = PAINTED
    await wait(1499)
    expect(addToHistory).not.toHaveBeenCalled()
    await wait(1)
    expect(addToHistory).toHaveBeenCalledExactlyOnceWith('?prompt=a+rose&seed=7&painter=flowers&strength=0.3&count=3&pins=2-103', '')
  })

  it.each(['?prompt=a+rose&view=gallery', '?prompt=a+rose&seed=7&to_seed=8', '?seed=7'])('records nothing of %s', (link) => {
    const { data, record } = recording(link)
    data.value = PAINTED
    record()
    expect(addToHistory).not.toHaveBeenCalled()
  })

  it('records nothing that is not painted yet', () => {
    const { data, pending, record } = recording('?prompt=a+rose&seed=7')
    data.value = PAINTED
    pending.value = true
    record()
    expect(addToHistory).not.toHaveBeenCalled()
  })

  it('warns of a picture that the browser does not store', async () => {
    const { form, persistent, pictures } = recording('?prompt=a+rose')
    persistent.value = false
    pictures.value = [{}]
    await nextTick()
    expect(form.message.value).toMatch(/does not store data/)
  })
})
