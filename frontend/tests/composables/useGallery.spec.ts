import 'fake-indexeddb/auto'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore, type Store } from '../../src/media/store'
import { useGallery, type GalleryState } from '../../src/composables/useGallery'
import { dataUrlBytes } from '../../src/media/files'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { pictureKey, type Picture } from '../../src/model/picture'

const ROSE: Picture = { source: 'data:image/png;base64,iVBORw0KGgo1', prompt: 'a rose', seed: 7, painter: 'flowers', options: DEFAULT_OPTIONS, variation: null }

const { source: SOURCE, ...RECIPE } = ROSE
const BYTES = [...dataUrlBytes(SOURCE)]

beforeEach(async () => {
  await openStore()
  const database = await openDB('painting-gallery')
  for (const table of ['pictures', 'files', 'history']) await database.clear(table)
  database.close()
})

afterEach(() => vi.unstubAllGlobals())

/** The gallery after a reload of the page. */
async function reloaded(): Promise<GalleryState> {
  const gallery = useGallery()
  await gallery.load()
  return gallery
}

/** The bytes of the first picture's PNG. */
async function firstFile(gallery: GalleryState): Promise<number[]> {
  const [first] = gallery.pictures.value
  return [...((first && (await gallery.fileOf(first))) ?? [])]
}

/** Stores a raw entry, valid or not. */
async function storeRaw(entry: object, table = 'pictures'): Promise<void> {
  const database = await openDB('painting-gallery')
  await database.put(table, entry)
  database.close()
}

async function storedLinks(): Promise<string[]> {
  return (await reloaded()).history.value.map(({ key }) => key)
}

describe('useGallery', () => {
  it('saves pictures beyond a reload, and removes them', async () => {
    await useGallery().toggle(ROSE)
    const later = await reloaded()
    expect(later.pictures.value).toMatchObject([RECIPE])
    expect(await firstFile(later)).toEqual(BYTES)
    await later.toggle({ ...ROSE })
    expect((await reloaded()).pictures.value).toEqual([])
    expect(await later.fileOf({ ...RECIPE, key: pictureKey(ROSE), time: 0, thumbnail: '', hasAlpha: false })).toBeNull()
  })

  it('stores the bytes of a picture apart from the list', async () => {
    await useGallery().toggle(ROSE)
    const database = await openDB('painting-gallery')
    expect([...((await database.getAll('files')) as Uint8Array[])[0] ?? []]).toEqual(BYTES)
    expect(await database.getAll('pictures')).not.toHaveProperty('0.source')
    database.close()
  })

  it('asks the browser to keep what is saved', async () => {
    const persist = vi.fn(() => Promise.resolve(true))
    vi.stubGlobal('navigator', { storage: { persist } })
    const gallery = useGallery()
    await gallery.toggle(ROSE)
    expect(persist).toHaveBeenCalledOnce()
    await gallery.toggle(ROSE)
    expect(persist).toHaveBeenCalledOnce()
  })

  it('follows another tab', async () => {
    const [tab, other] = [await reloaded(), await reloaded()]
    await tab.toggle(ROSE)
    await tab.addToHistory('?prompt=a+rose', '')
    await vi.waitFor(() => expect([other.pictures.value.length, other.history.value.length]).toEqual([1, 1]))
    expect(await firstFile(other)).toEqual(BYTES)
    await tab.toggle(ROSE)
    await tab.clearHistory()
    await vi.waitFor(() => expect([other.pictures.value.length, other.history.value.length]).toEqual([0, 0]))
  })

  it('distinguishes pictures by the parameters that reproduce them', async () => {
    const gallery = useGallery()
    await gallery.toggle(ROSE)
    await gallery.toggle({ ...ROSE, variation: { subseed: 1, strength: 0.2 } })
    await gallery.toggle({ ...ROSE, options: { ...DEFAULT_OPTIONS, truncation: 0.5 } })
    await gallery.toggle({ ...ROSE, options: { ...DEFAULT_OPTIONS, strength: 0.5 } })
    await gallery.toggle({ ...ROSE, seed: null })
    expect(gallery.keys.value.size).toBe(5)
  })

  it('saves variations beside the original', async () => {
    const variation = { ...ROSE, variation: { subseed: 1, strength: 0.2 } }
    await useGallery().toggle(variation)
    const gallery = await reloaded()
    expect(gallery.pictures.value).toMatchObject([{ ...RECIPE, variation: variation.variation }])
    expect(gallery.keys.value).not.toContain(pictureKey(ROSE))
    await gallery.toggle(variation)
    expect((await reloaded()).pictures.value).toEqual([])
  })

  it('lists each grid once, the newest first', async () => {
    const gallery = useGallery()
    vi.useFakeTimers({ toFake: ['Date'] })
    for (const link of ['?prompt=a+rose', '?prompt=a+rose&seed=8', '?prompt=a+lily', '?prompt=a+rose']) {
      vi.setSystemTime(Date.now() + 1000)
      await gallery.addToHistory(link, '')
    }
    vi.useRealTimers()
    expect(await storedLinks()).toEqual(['?prompt=a+rose', '?prompt=a+lily', '?prompt=a+rose&seed=8'])
    await gallery.clearHistory()
    expect(await storedLinks()).toEqual([])
  })

  it('lists no prompt that was still being typed', async () => {
    const gallery = useGallery()
    for (const link of ['?prompt=a+whi', '?prompt=a+white+daisy', '?prompt=a+lily']) await gallery.addToHistory(link, '')
    expect(gallery.history.value.map(({ key }) => key)).toEqual(['?prompt=a+lily', '?prompt=a+white+daisy'])
    expect((await storedLinks()).sort()).toEqual(['?prompt=a+lily', '?prompt=a+white+daisy'])
  })

  it('reads the history of release 0.1.0, whose entries are no links', async () => {
    await storeRaw({ key: '["flowers","a rose"]', prompt: 'a rose', seed: 7, painter: 'flowers', time: 1 }, 'history')
    await storeRaw({ key: 'x', time: 1, thumbnail: 'javascript:alert(1)' }, 'history')
    await storeRaw({ key: '?seed=1', time: 0, thumbnail: 'javascript:alert(1)' }, 'history')
    expect((await reloaded()).history.value.map(({ thumbnail }) => thumbnail)).toEqual(['', ''])
    expect(await storedLinks()).toEqual(['?prompt=a+rose&seed=7&painter=flowers', '?seed=1'])
  })

  it('clears the history only once the store has, and keeps entries added meanwhile', async () => {
    const gallery = useGallery()
    await gallery.addToHistory('?prompt=a+rose', '')
    const clearing = gallery.clearHistory()
    expect(gallery.history.value.map(({ key }) => key)).toEqual(['?prompt=a+rose'])
    await gallery.addToHistory('?prompt=a+lily', '')
    await clearing
    expect(gallery.history.value.map(({ key }) => key)).toEqual(['?prompt=a+lily'])
    expect(await storedLinks()).toEqual(['?prompt=a+lily'])
  })

  it('drops the oldest grid above the limit', async () => {
    const entries = Array.from({ length: 500 }, (_, seed) => ({ key: `?seed=${seed}`, time: 500 - seed, thumbnail: '' }))
    for (const entry of entries.slice(-2)) await storeRaw(entry, 'history')
    const gallery = await reloaded()
    gallery.history.value = entries
    await gallery.addToHistory('?prompt=a+rose', '')
    expect(gallery.history.value.length).toBe(500)
    expect(await storedLinks()).toEqual(['?prompt=a+rose', '?seed=498'])
  })

  it('works from memory if the store cannot be opened', async () => {
    const gallery = useGallery(() => Promise.reject(new DOMException('no', 'InvalidStateError')))
    await gallery.load()
    await gallery.toggle(ROSE)
    expect([gallery.persistent.value, gallery.pictures.value.length]).toEqual([false, 1])
    expect(await firstFile(gallery)).toEqual(BYTES)
  })

  it('works from memory if the disk is full', async () => {
    const store = await openStore()
    const full: Store = { ...store, addPicture: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }
    const gallery = useGallery(() => Promise.resolve(full))
    await gallery.toggle(ROSE)
    expect([gallery.persistent.value, gallery.pictures.value.length]).toEqual([false, 1])
  })

  it('ignores invalid entries of the store', async () => {
    await storeRaw({ ...RECIPE, key: 'x', time: 1, thumbnail: 'javascript:alert(1)' })
    await storeRaw({ key: 'y' })
    expect((await reloaded()).pictures.value).toEqual([])
  })

  it('moves the pictures of release 0.1.0, which were data URLs', async () => {
    await deleteDB('painting-gallery')
    const old = await openDB('painting-gallery', 1, {
      upgrade: (fresh) => ['pictures', 'history'].forEach((table) => fresh.createObjectStore(table, { keyPath: 'key' })),
    })
    await old.put('pictures', { ...ROSE, key: pictureKey(ROSE), time: 5 })
    await old.put('pictures', { ...ROSE, key: 'x', time: 1, source: 'javascript:alert(1)' })
    old.close()
    const gallery = await reloaded()
    expect(gallery.pictures.value).toEqual([{ ...RECIPE, key: pictureKey(ROSE), time: 5, thumbnail: SOURCE, hasAlpha: false }])
    expect(await firstFile(gallery)).toEqual(BYTES)
  })
})
