import { afterEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { fetchMorph, hasEqualEnds, type MorphFormat, type MorphRequest } from '../../src/server/morphs'
import { servePosts } from '../fakePosts'
import { refusal } from '../fakeServer'

const FORMAT: MorphFormat = { steps: 9, frameMs: 40, loop: 'once', lossless: true }
const REQUEST: MorphRequest = {
  from: { prompt: 'a rose', seed: 1 },
  to: { prompt: 'a lily', seed: 2 },
  options: DEFAULT_OPTIONS,
  painter: null,
}

afterEach(() => vi.unstubAllGlobals())

describe('fetchMorph', () => {
  it('posts both ends and the format, and returns the file', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const file = await fetchMorph(new AbortController().signal, REQUEST, FORMAT)
    expect(new TextDecoder().decode(file)).toBe('RIFF')
    expect(posts[0]?.body).toEqual({
      ...{ prompt: 'a rose', to_prompt: 'a lily', seed: 1, to_seed: 2 },
      ...{ steps: 9, ms_a_frame: 40, loop: 'once', lossless: true },
    })
  })

  it('reports why a morph is rejected', async () => {
    servePosts(() => refusal(400, 'too many steps'))
    const morph = fetchMorph(new AbortController().signal, REQUEST, FORMAT)
    await expect(morph).rejects.toMatchObject({ kind: 'rejected', message: 'too many steps' })
  })
})

describe('hasEqualEnds', () => {
  it('compares prompts and seeds', () => {
    expect(hasEqualEnds(REQUEST)).toBe(false)
    expect(hasEqualEnds({ ...REQUEST, to: { ...REQUEST.from } })).toBe(true)
  })
})
