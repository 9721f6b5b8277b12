import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchPainter, fetchPainters } from '../../src/server/painters'
import { painters, refusal, serve } from '../fakeServer'

function fetchList(): ReturnType<typeof fetchPainters> {
  return fetchPainters(new AbortController().signal)
}

afterEach(() => vi.unstubAllGlobals())

describe('fetchPainters', () => {
  it('parses the list of painters', async () => {
    serve(() => painters('flowers', 'digits', 'bold', 'sprites'))
    expect(await fetchList()).toMatchObject([
      { name: 'flowers', takesPrompt: true, takesStrength: false, pictureSize: 64, samples: './v1/painters/flowers/samples.webp' },
      { name: 'digits', takesPrompt: false, examplePrompts: [] },
      { name: 'bold', takesStrength: true, hasAlpha: false },
      { name: 'sprites', hasAlpha: true },
    ])
  })

  it.each([
    ['no such address', refusal(404, 'there is nothing at this address')],
    ['the page itself', { body: '<!doctype html>' }],
  ])('gives an empty list for a server without the route: %s', async (_, answer) => {
    serve(() => answer)
    expect(await fetchList()).toEqual([])
  })

  it.each(['//evil.example/x.png', 'https://evil.example/x.png', 'javascript:alert(1)', 7])(
    'drops sample URLs of another origin: %s',
    async (samples) => {
      serve(() => ({ body: { painters: [{ name: 'x', samples }] } }))
      expect((await fetchList())[0]?.samples).toBeNull()
    },
  )

  it('requests one painter with its figures', async () => {
    const requests = serve(() => ({ body: { name: 'a/b', card: { figures: [] } } }))
    expect(await fetchPainter(new AbortController().signal, 'a/b')).toMatchObject({ name: 'a/b', card: { figures: [] } })
    expect(requests).toEqual(['/v1/painters/a%2Fb'])
  })

  it.each([{}, { painters: [] }, { painters: [{}] }, 7])('rejects an invalid response: %j', async (body) => {
    serve(() => ({ body }))
    await expect(fetchList()).rejects.toMatchObject({ kind: 'invalid' })
  })
})
