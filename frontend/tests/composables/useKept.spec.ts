import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore, type Store } from '../../src/media/store'
import { keyOf, useKept } from '../../src/composables/useKept'
import { PLAIN } from '../../src/model/manner'
import type { Picture } from '../../src/model/picture'

const ROSE: Picture = { source: 'data:image/png;base64,iVBORw0KGgo1', prompt: 'a rose', seed: 7, painter: 'flowers', manner: PLAIN, variation: null }

beforeEach(async () => {
  const store = await openStore()
  await store.clear('pictures')
  await store.clear('words')
})

/** What a page finds that is opened later. */
async function reloaded(): Promise<ReturnType<typeof useKept>> {
  const kept = useKept()
  await kept.load()
  return kept
}

/** Keep what is there whatever it is, as an older page may have. */
async function keepAsIs(entry: object): Promise<void> {
  const database = await openDB('painting')
  await database.put('pictures', entry)
  database.close()
}

describe('useKept', () => {
  it('keeps pictures over a reload, and lets go of them', async () => {
    await useKept().toggle(ROSE)
    const later = await reloaded()
    expect(later.pictures.value).toMatchObject([ROSE])
    await later.toggle({ ...ROSE })
    expect((await reloaded()).pictures.value).toEqual([])
  })

  it('tells pictures apart by what paints them again', async () => {
    const kept = useKept()
    await kept.toggle(ROSE)
    await kept.toggle({ ...ROSE, variation: { subseed: 1, strength: 0.2 } })
    await kept.toggle({ ...ROSE, manner: { ...PLAIN, truncation: 0.5 } })
    await kept.toggle({ ...ROSE, manner: { ...PLAIN, strength: 0.5 } })
    await kept.toggle({ ...ROSE, seed: null })
    expect(kept.keys.value.size).toBe(5)
  })

  it('knows what an older page has kept, and lets go of it', async () => {
    const old = { ...ROSE, key: '["flowers","a rose",7,0.5,null]', time: 1, manner: undefined, truncation: 0.5 }
    await keepAsIs(old)
    const kept = await reloaded()
    const read = { ...ROSE, manner: { ...PLAIN, truncation: 0.5 } }
    expect(kept.pictures.value).toEqual([{ ...read, key: old.key, time: 1 }])
    await kept.toggle(read)
    expect((await reloaded()).pictures.value).toEqual([])
  })

  it('keeps neighbours, and shows those of an older page as pictures that nothing paints again', async () => {
    const near = { ...ROSE, variation: { subseed: 1, strength: 0.2 } }
    await useKept().toggle(near)
    await keepAsIs({ ...ROSE, key: 'old', time: 1, truncation: 1, towards: { seed: 9, step: 3 } })
    const kept = await reloaded()
    expect(kept.pictures.value).toMatchObject([near, { ...ROSE, seed: null }])
    expect(kept.keys.value).not.toContain(keyOf(ROSE))
    for (const picture of kept.pictures.value) await kept.toggle(picture)
    expect((await reloaded()).pictures.value).toEqual([])
  })

  it('lists words once, the newest first', async () => {
    const kept = useKept()
    vi.useFakeTimers({ toFake: ['Date'] })
    for (const prompt of ['a rose', 'a lily', 'a rose']) {
      vi.setSystemTime(Date.now() + 1000)
      await kept.remember({ prompt, seed: 1, painter: 'flowers' })
    }
    vi.useRealTimers()
    expect((await reloaded()).words.value.map(({ prompt }) => prompt)).toEqual(['a rose', 'a lily'])
    await kept.forgetWords()
    expect((await reloaded()).words.value).toEqual([])
  })

  it('shows words as forgotten when they are, and keeps those that came meanwhile', async () => {
    const kept = useKept()
    await kept.remember({ prompt: 'a rose', seed: 1, painter: 'flowers' })
    const forgetting = kept.forgetWords()
    expect(kept.words.value.map(({ prompt }) => prompt)).toEqual(['a rose'])
    await kept.remember({ prompt: 'a lily', seed: 1, painter: 'flowers' })
    await forgetting
    expect(kept.words.value.map(({ prompt }) => prompt)).toEqual(['a lily'])
    expect((await reloaded()).words.value.map(({ prompt }) => prompt)).toEqual(['a lily'])
  })

  it('forgets the oldest words when there are too many', async () => {
    const kept = useKept()
    for (let nth = 0; nth < 205; nth += 1) await kept.remember({ prompt: `${nth}`, seed: 1, painter: 'flowers' })
    expect(kept.words.value.length).toBe(200)
    expect((await reloaded()).words.value.length).toBe(200)
  })

  it('works from memory where the browser opens no store', async () => {
    const kept = useKept(() => Promise.reject(new DOMException('no', 'InvalidStateError')))
    await kept.load()
    await kept.toggle(ROSE)
    expect([kept.durable.value, kept.pictures.value.length]).toEqual([false, 1])
  })

  it('works from memory where the disk is full', async () => {
    const store = await openStore()
    const full: Store = { ...store, put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }
    const kept = useKept(() => Promise.resolve(full))
    await kept.toggle(ROSE)
    expect([kept.durable.value, kept.pictures.value.length]).toEqual([false, 1])
  })

  it('shows nothing from the store that is no picture', async () => {
    await keepAsIs({ ...ROSE, key: 'x', time: 1, source: 'javascript:alert(1)' })
    await keepAsIs({ key: 'y' })
    expect((await reloaded()).pictures.value).toEqual([])
  })
})
