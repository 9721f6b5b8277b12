import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { engine } from '../engine'
import { dataUrlBytes, hasAlpha } from '../media/files'
import { loadImage, thumbnailOf } from '../media/images'
import { openStore, type Store } from '../media/store'
import { isContinuation, type HistoryEntry, type SavedPicture } from '../model/gallery'
import { kindOf, pictureKey, type Picture } from '../model/picture'
import { recipeOf } from '../model/recipe'

export type PictureFile = Uint8Array<ArrayBuffer>

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
  /** The PNG of a saved picture, or its WebP if the server gave no PNG then; null if it is saved no longer. */
  fileOf: (picture: SavedPicture) => Promise<PictureFile | null>
  /** Adds a grid by its link, in place of one whose prompt was still being typed. */
  addToHistory: (link: string, thumbnail: string) => Promise<void>
  clearHistory: () => Promise<void>
}

const MAX_HISTORY = 500
const THUMBNAIL_PX = 160
const CHANNEL_NAME = 'painting-gallery'

/**
 * The gallery and the history of this browser.
 *
 * Both live in memory and are written to IndexedDB in the background; other tabs then read them again. When that fails
 * (a private window, a full disk), `persistent` turns false and everything else goes on.
 */
export function useGallery(open: () => Promise<Store> = openStore): GalleryState {
  const pictures = shallowRef<readonly SavedPicture[]>([])
  const history = shallowRef<readonly HistoryEntry[]>([])
  const persistent = ref(true)
  const files = new Map<string, Promise<PictureFile>>() // of the pictures that were saved in this visit
  const channel = new BroadcastChannel(CHANNEL_NAME)
  let opening: Promise<Store> | null = null
  let queue = Promise.resolve()

  /** Uses the store once what was begun before is done. */
  function withStore(use: (store: Store) => Promise<void>): Promise<void> {
    queue = queue.then(async () => {
      opening ??= open()
      await use(await opening)
    }).catch(() => {
      persistent.value = false
    })
    return queue
  }

  async function change(use: (store: Store) => Promise<void>): Promise<void> {
    await withStore(use)
    channel.postMessage(null)
  }

  function load(): Promise<void> {
    return withStore(async (store) => {
      const storedPictures = await store.pictures()
      const storedHistory = await store.history()
      pictures.value = newestFirst([...pictures.value, ...storedPictures])
      history.value = newestFirst([...history.value, ...storedHistory])
    })
  }

  /** Follows another tab. */
  function follow(): Promise<void> {
    return withStore(async (store) => {
      if (!persistent.value) return
      pictures.value = newestFirst(await store.pictures())
      history.value = newestFirst(await store.history())
    })
  }

  async function toggle(picture: Picture): Promise<void> {
    const key = pictureKey(picture)
    if (pictures.value.some((saved) => saved.key === key)) {
      pictures.value = pictures.value.filter((saved) => saved.key !== key)
      files.delete(key)
      return change((store) => store.removePicture(key))
    }
    const { source } = picture
    const file = pngOf(picture).catch(() => dataUrlBytes(source))
    const saved = { key, time: Date.now(), thumbnail: source, hasAlpha: hasAlpha(source), ...recipeOf(picture) }
    pictures.value = [saved, ...pictures.value]
    files.set(key, file)
    askToPersist()
    let thumbnail = source
    await change(async (store) => {
      thumbnail = thumbnailOf(await loadImage(source), THUMBNAIL_PX) || source
      await store.addPicture({ ...saved, thumbnail }, dataUrlBytes(source)) // before the PNG comes, lest a reload lose it
    })
    const png = await file
    if (keys.value.has(key)) await change((store) => store.addPicture({ ...saved, thumbnail }, png))
  }

  async function fileOf({ key }: SavedPicture): Promise<PictureFile | null> {
    let file = await files.get(key)
    if (!file) await withStore(async (store) => void (file = await store.file(key)))
    return file ?? null
  }

  async function addToHistory(link: string, thumbnail: string): Promise<void> {
    const [newest, ...older] = history.value
    const before = newest && isContinuation(link, newest.key) ? older : history.value
    const entry = { key: link, time: Date.now(), thumbnail }
    const all = newestFirst([entry, ...before]).slice(0, MAX_HISTORY)
    const dropped = history.value.filter(({ key }) => !all.some((other) => other.key === key))
    history.value = all
    await change(async (store) => {
      for (const { key } of dropped) await store.removeEntry(key)
      await store.addEntry(entry)
    })
  }

  async function clearHistory(): Promise<void> {
    const cleared = history.value
    // The store first: entries must not disappear from view before they are deleted.
    await change((store) => store.clearHistory())
    history.value = history.value.filter((entry) => !cleared.includes(entry))
  }

  channel.onmessage = () => void follow()
  onScopeDispose(() => channel.close(), true)
  const keys = computed(() => new Set(pictures.value.map(({ key }) => key)))
  return { pictures, history, persistent, keys, load, toggle, fileOf, addToHistory, clearHistory }
}

/** The PNG of a picture on screen; `sidePx`: enlarged. */
export async function pngOf(picture: Picture, sidePx: number | null = null): Promise<PictureFile> {
  if (sidePx === null && kindOf(picture.source) === 'png') return dataUrlBytes(picture.source)
  return engine.png(new AbortController().signal, picture, sidePx)
}

/** Asks the browser not to evict what is saved; by http it cannot be asked. */
function askToPersist(): void {
  void navigator.storage?.persist?.().catch(() => false)
}

/** The newest entry of each key, newest first. */
function newestFirst<Entry extends { key: string; time: number }>(entries: readonly Entry[]): Entry[] {
  const sorted = [...entries].sort((one, other) => other.time - one.time)
  const keys = new Set<string>()
  return sorted.filter(({ key }) => !keys.has(key) && keys.add(key))
}
