import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { openStore, type Store } from '../media/store'
import { isContinuation, type HistoryEntry, type SavedPicture } from '../model/gallery'
import { pictureKey, type Picture } from '../model/picture'
import { recipeOf } from '../model/recipe'

export interface GalleryState {
  pictures: ShallowRef<readonly SavedPicture[]>
  /** The grids that were painted, newest first. */
  history: ShallowRef<readonly HistoryEntry[]>
  /** Whether the browser stores all of it beyond this visit. */
  persistent: Ref<boolean>
  keys: ComputedRef<ReadonlySet<string>>
  load: () => Promise<void>
  /** Saves a picture, or removes a saved one. */
  toggle: (picture: Picture) => Promise<void>
  /** Adds a grid by its link, in place of one whose prompt was still being typed. */
  addToHistory: (link: string, thumbnail: string) => Promise<void>
  clearHistory: () => Promise<void>
}

const MAX_HISTORY = 500

/**
 * The gallery and the prompt history of this browser.
 *
 * Both live in memory and are written to IndexedDB in the background. When that fails (a private window, a full disk),
 * `persistent` turns false and everything else goes on.
 */
export function useGallery(open: () => Promise<Store> = openStore): GalleryState {
  const pictures = shallowRef<readonly SavedPicture[]>([])
  const history = shallowRef<readonly HistoryEntry[]>([])
  const persistent = ref(true)
  const keys = computed(() => new Set(pictures.value.map(pictureKey)))
  let opening: Promise<Store> | null = null

  async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
    try {
      opening ??= open()
      await use(await opening)
    } catch {
      persistent.value = false
    }
  }

  async function load(): Promise<void> {
    await withStore(async (store) => {
      const storedPictures = await store.pictures()
      const storedHistory = await store.history()
      pictures.value = newestFirst([...pictures.value, ...storedPictures])
      history.value = newestFirst([...history.value, ...storedHistory])
    })
  }

  async function toggle(picture: Picture): Promise<void> {
    const key = pictureKey(picture)
    if (keys.value.has(key)) {
      pictures.value = pictures.value.filter((other) => pictureKey(other) !== key)
      await withStore((store) => store.remove('pictures', key))
    } else {
      const saved = { key, time: Date.now(), source: picture.source, ...recipeOf(picture) }
      pictures.value = [saved, ...pictures.value]
      await withStore((store) => store.put('pictures', saved))
    }
  }

  async function addToHistory(link: string, thumbnail: string): Promise<void> {
    const [newest, ...older] = history.value
    const before = newest && isContinuation(link, newest.key) ? older : history.value
    const all = newestFirst([{ key: link, time: Date.now(), thumbnail }, ...before])
    const left = all.slice(0, MAX_HISTORY)
    const dropped = history.value.filter(({ key }) => !left.some((entry) => entry.key === key))
    history.value = left
    await withStore(async (store) => {
      for (const { key } of dropped) await store.remove('history', key)
      for (const entry of left.slice(0, 1)) await store.put('history', entry)
    })
  }

  async function clearHistory(): Promise<void> {
    const cleared = history.value
    // The store first: entries must not disappear from view before they are deleted.
    await withStore((store) => store.clear('history'))
    history.value = history.value.filter((entry) => !cleared.includes(entry))
  }

  return { pictures, history, persistent, keys, load, toggle, addToHistory, clearHistory }
}

/** The newest entry of each key, newest first. */
function newestFirst<Entry extends { key: string; time: number }>(entries: readonly Entry[]): Entry[] {
  const sorted = [...entries].sort((one, other) => other.time - one.time)
  const keys = new Set<string>()
  return sorted.filter(({ key }) => !keys.has(key) && keys.add(key))
}
