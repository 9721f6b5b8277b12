import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { openStore, type Store } from '../media/store'
import type { HistoryEntry, SavedPicture } from '../model/gallery'
import type { Picture } from '../model/picture'

export interface GalleryState {
  pictures: ShallowRef<readonly SavedPicture[]>
  /** The prompts that were painted, newest first. */
  history: ShallowRef<readonly HistoryEntry[]>
  /** Whether the browser stores all of it beyond this visit. */
  persistent: Ref<boolean>
  keys: ComputedRef<ReadonlySet<string>>
  load: () => Promise<void>
  /** Saves a picture, or removes a saved one. */
  toggle: (picture: Picture) => Promise<void>
  addToHistory: (entry: Omit<HistoryEntry, 'key' | 'time'>) => Promise<void>
  clearHistory: () => Promise<void>
}

const MAX_HISTORY = 200

/** A picture's identity: the parameters that reproduce it, or its content if it has no seed. */
export function pictureKey({ prompt, seed, painter, options, variation, source }: Picture): string {
  return JSON.stringify([painter, prompt, seed ?? source, options, variation])
}

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
      const { source, prompt, seed, painter, options, variation } = picture
      const saved = { key, time: Date.now(), source, prompt, seed, painter, options, variation }
      pictures.value = [saved, ...pictures.value]
      await withStore((store) => store.put('pictures', saved))
    }
  }

  async function addToHistory(fields: Omit<HistoryEntry, 'key' | 'time'>): Promise<void> {
    const entry = { ...fields, key: JSON.stringify([fields.painter, fields.prompt]), time: Date.now() }
    const all = newestFirst([entry, ...history.value])
    history.value = all.slice(0, MAX_HISTORY)
    await withStore(async (store) => {
      await store.put('history', entry)
      for (const { key } of all.slice(MAX_HISTORY)) await store.remove('history', key)
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
