import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { openStore, type Store } from '../media/store'
import type { KeptPicture, PastWords } from '../model/kept'
import type { Picture } from '../model/picture'

export interface KeptState {
  pictures: ShallowRef<readonly KeptPicture[]>
  words: ShallowRef<readonly PastWords[]>
  /** Whether all of it is still there when the page is opened again. */
  durable: Ref<boolean>
  keys: ComputedRef<ReadonlySet<string>>
  load: () => Promise<void>
  toggle: (picture: Picture) => Promise<void>
  remember: (words: Omit<PastWords, 'key' | 'time'>) => Promise<void>
  forgetWords: () => Promise<void>
}

const MOST_WORDS = 200

/** What paints a picture again is what tells it from others; without a seed, its content. */
export function keyOf({ prompt, seed, painter, manner, variation, source }: Picture): string {
  return JSON.stringify([painter, prompt, seed ?? source, manner, variation])
}

/**
 * The gallery and the history of this browser.
 *
 * They work from memory; the browser's store is written behind them. Where it cannot be (a private window, a full disk),
 * `durable` is false and everything else goes on.
 */
export function useKept(open: () => Promise<Store> = openStore): KeptState {
  const pictures = shallowRef<readonly KeptPicture[]>([])
  const words = shallowRef<readonly PastWords[]>([])
  const durable = ref(true)
  const keys = computed(() => new Set(pictures.value.map(keyOf)))
  let opened: Promise<Store> | null = null

  async function stored(use: (store: Store) => Promise<void>): Promise<void> {
    try {
      opened ??= open()
      await use(await opened)
    } catch {
      durable.value = false
    }
  }

  async function load(): Promise<void> {
    await stored(async (store) => {
      const [oldPictures, oldWords] = [await store.pictures(), await store.words()]
      pictures.value = newestFirst([...pictures.value, ...oldPictures])
      words.value = newestFirst([...words.value, ...oldWords])
    })
  }

  async function toggle(picture: Picture): Promise<void> {
    const key = keyOf(picture)
    const kept = pictures.value.find((other) => keyOf(other) === key)
    if (kept) {
      pictures.value = pictures.value.filter((other) => other !== kept)
      await stored((store) => store.remove('pictures', kept.key)) // an older page may have named it in its own way
    } else {
      const { source, prompt, seed, painter, manner, variation } = picture
      const fresh = { key, time: Date.now(), source, prompt, seed, painter, manner, variation }
      pictures.value = [fresh, ...pictures.value]
      await stored((store) => store.put('pictures', fresh))
    }
  }

  async function remember(painted: Omit<PastWords, 'key' | 'time'>): Promise<void> {
    const entry = { ...painted, key: JSON.stringify([painted.painter, painted.prompt]), time: Date.now() }
    const all = newestFirst([entry, ...words.value])
    words.value = all.slice(0, MOST_WORDS)
    await stored(async (store) => {
      await store.put('words', entry)
      for (const { key } of all.slice(MOST_WORDS)) await store.remove('words', key)
    })
  }

  async function forgetWords(): Promise<void> {
    const forgotten = words.value
    await stored((store) => store.clear('words')) // before they go from sight: what looks forgotten is
    words.value = words.value.filter((entry) => !forgotten.includes(entry))
  }

  return { pictures, words, durable, keys, load, toggle, remember, forgetWords }
}

/** The newest of each key, newest first. */
function newestFirst<Entry extends { key: string; time: number }>(entries: readonly Entry[]): Entry[] {
  const sorted = [...entries].sort((one, other) => other.time - one.time)
  const seen = new Set<string>()
  return sorted.filter(({ key }) => !seen.has(key) && seen.add(key))
}
