import { shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import type { GalleryState } from '../../src/composables/useGallery'
import { useVisit } from '../../src/composables/useVisit'
import type { HistoryEntry } from '../../src/model/gallery'

const gallery = { history: shallowRef<readonly HistoryEntry[]>([]) } as unknown as GalleryState

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  sessionStorage.clear()
})

function visitAt(time: number): string[] {
  vi.useFakeTimers({ now: time })
  gallery.history.value = [3000, 2000, 1000].map((painted) => ({ key: `?seed=${painted}`, time: painted, thumbnail: '' }))
  return useVisit(gallery).value.map(({ key }) => key)
}

it('a visit is what was painted since the tab was opened, beyond a reload', () => {
  expect(visitAt(2000)).toEqual(['?seed=3000', '?seed=2000'])
  expect(visitAt(2500)).toEqual(['?seed=3000', '?seed=2000'])
})

it('a visit begins with the page if the browser stores nothing', () => {
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError')
  })
  expect(visitAt(2500)).toEqual(['?seed=3000'])
})
