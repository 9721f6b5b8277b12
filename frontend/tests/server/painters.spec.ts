import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchPainters } from '../../src/server/painters'
import { painters, refusal, serve } from '../server'

function fetched(): ReturnType<typeof fetchPainters> {
  return fetchPainters(new AbortController().signal)
}

afterEach(() => vi.unstubAllGlobals())

describe('fetchPainters', () => {
  it('reads what there is to choose', async () => {
    serve(() => painters('flowers', 'digits', 'bold'))
    expect(await fetched()).toMatchObject([
      { name: 'flowers', takesPrompt: true, takesStrength: false, pictureSize: 64, samples: './v1/painters/flowers/samples.png' },
      { name: 'digits', takesPrompt: false, examplePrompts: [] },
      { name: 'bold', takesStrength: true },
    ])
  })

  it.each([
    ['no such address', refusal(404, 'there is nothing at this address')],
    ['the page itself', { body: '<!doctype html>' }],
  ])('knows a server that only paints by what it lacks: %s', async (_, answer) => {
    serve(() => answer)
    expect(await fetched()).toEqual([])
  })

  it.each(['//evil.example/x.png', 'https://evil.example/x.png', 'javascript:alert(1)', 7])(
    'shows no samples of another server: %s',
    async (samples) => {
      serve(() => ({ body: { painters: [{ name: 'x', samples }] } }))
      expect((await fetched())[0]?.samples).toBeNull()
    },
  )

  it.each([{}, { painters: [] }, { painters: [{}] }, 7])('refuses nonsense: %j', async (body) => {
    serve(() => ({ body }))
    await expect(fetched()).rejects.toMatchObject({ trouble: 'broken' })
  })
})
