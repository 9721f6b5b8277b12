import { computed, type ComputedRef } from 'vue'
import type { HistoryEntry } from '../model/gallery'
import type { GalleryState } from './useGallery'

const STORAGE_KEY = 'painting.visit'

/** The grids that were painted since this tab was opened, the newest first. */
export function useVisit({ history }: GalleryState): ComputedRef<readonly HistoryEntry[]> {
  const start = startOfVisit()
  return computed(() => history.value.filter(({ time }) => time >= start))
}

/** In milliseconds since 1970; a reload goes on with the visit. */
function startOfVisit(): number {
  try {
    const start = sessionStorage.getItem(STORAGE_KEY) ?? String(Date.now())
    sessionStorage.setItem(STORAGE_KEY, start)
    return Number(start)
  } catch {
    return Date.now() // without storage, a reload begins another visit
  }
}
