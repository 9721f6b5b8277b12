import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchEmbedding } from '../../src/server/embeddings'
import { servePosts } from '../fakePosts'
import { base64Of } from '../fakeServer'

const { signal } = new AbortController()
const NEAREST = [{ caption: 'a red rose', similarity: 0.9 }]

afterEach(() => void vi.unstubAllGlobals())

describe('fetchEmbedding', () => {
  it('requests a prompt’s numbers in base64, and its nearest captions', async () => {
    const body = { data: [{ embedding: base64Of([0.5, -0.25]), nearest_captions: NEAREST }] }
    const posts = servePosts(() => ({ body }))
    const embedding = await fetchEmbedding(signal, { prompt: 'red roses', painter: 'flowers' })
    expect(embedding).toEqual({ numbers: [0.5, -0.25], nearest: NEAREST })
    expect(posts.map(({ path, body: sent }) => [path, sent])).toEqual([
      ['/v1/embeddings', { input: 'red roses', encoding_format: 'base64', model: 'flowers' }],
    ])
  })

  it('names no painter if none is chosen', async () => {
    const posts = servePosts(() => ({ body: { data: [{ embedding: base64Of([1]) }] } }))
    expect((await fetchEmbedding(signal, { prompt: 'x', painter: null })).nearest).toEqual([])
    expect(posts[0]?.body).not.toHaveProperty('model')
  })

  it.each([{}, { data: [] }, { data: [{}] }, { data: [{ embedding: '!' }] }, { data: [{ embedding: 'AA==' }] }, [7]])(
    'rejects an answer without numbers: %j',
    async (body) => {
      servePosts(() => ({ body }))
      await expect(fetchEmbedding(signal, { prompt: 'x', painter: null })).rejects.toMatchObject({ kind: 'invalid' })
    },
  )
})
