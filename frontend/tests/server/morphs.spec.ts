import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Morph } from '../../src/model/morph'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import type { MorphFormat } from '../../src/model/morph'
import { fetchMorph } from '../../src/server/morphs'
import { servePosts } from '../fakePosts'
import { refusal } from '../fakeServer'

const FORMAT: MorphFormat = { steps: 9, frameMs: 40, loop: 'once', lossless: true, kind: 'gif' }
const MORPH: Morph = {
  from: { prompt: 'a rose', seed: 1, variation: null, options: DEFAULT_OPTIONS, painter: null },
  to: { prompt: 'a lily', seed: 2, variation: null },
}

afterEach(() => vi.unstubAllGlobals())

describe('fetchMorph', () => {
  it('posts both ends and the format, and returns the file', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const file = await fetchMorph(new AbortController().signal, MORPH, FORMAT)
    expect(new TextDecoder().decode(file)).toBe('RIFF')
    expect(posts[0]?.body).toEqual({
      ...{ prompt: 'a rose', to_prompt: 'a lily', seed: 1, to_seed: 2 },
      ...{ steps: 9, ms_a_frame: 40, loop: 'once', lossless: true, format: 'gif' },
    })
  })

  it('posts variations of both ends', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const variation = { subseed: 3, strength: 0.5 }
    await fetchMorph(new AbortController().signal, { from: { ...MORPH.from, variation }, to: { ...MORPH.to, variation } }, FORMAT)
    expect(posts[0]?.body).toMatchObject({ subseed: 3, subseed_strength: 0.5, to_subseed: 3, to_subseed_strength: 0.5 })
  })

  it('reports why a morph is rejected', async () => {
    servePosts(() => refusal(400, 'too many steps'))
    const morph = fetchMorph(new AbortController().signal, MORPH, FORMAT)
    await expect(morph).rejects.toMatchObject({ kind: 'rejected', message: 'too many steps' })
  })
})
