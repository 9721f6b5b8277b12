import { afterEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import { PaintError } from '../../src/model/errors'
import type { PaintRequest } from '../../src/model/paint'
import { paint } from '../../src/server/paint'
import { paintingLines, paintings, PNG, refusal, serve, unplug, type Answer } from '../fakeServer'

const ROSE: PaintRequest = { prompt: 'a rose', seed: null, count: 5, options: DEFAULT_OPTIONS, painter: null, variation: null }

function signal(): AbortSignal {
  return new AbortController().signal
}

async function errorOf(answer: Answer): Promise<PaintError> {
  serve(() => answer)
  const error: unknown = await paint(signal(), ROSE).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(PaintError)
  return error as PaintError
}

afterEach(() => vi.unstubAllGlobals())

describe('paint', () => {
  it('sends the parameters, and parses pictures with their seeds', async () => {
    const requests = serve(paintings)
    const options = { truncation: 0.5, strength: 1.25 }
    const request = { ...ROSE, prompt: 'a red rose & more', seed: 40, count: 3, options, painter: 'flowers' }
    const answer = await paint(signal(), request)
    expect(requests).toEqual(['/?count=3&input=a+red+rose+%26+more&seed=40&truncation=0.5&strength=1.25&model=flowers'])
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([40, 41, 42])
    expect(answer.pictures[0]).toMatchObject({
      source: `data:image/png;base64,${PNG}0`, prompt: 'a red rose & more', painter: 'flowers', options, variation: null,
    })
  })

  it('requests variations of a picture, and parses their subseeds', async () => {
    const requests = serve(paintings)
    const request = { ...ROSE, seed: 7, count: 2, variation: { subseed: 4294967295, strength: 0.25 } }
    const { pictures } = await paint(signal(), request)
    expect(requests).toEqual(['/?count=2&input=a+rose&seed=7&subseed=4294967295&subseed_strength=0.25'])
    expect(pictures).toMatchObject([
      { seed: 7, variation: { subseed: 4294967295, strength: 0.25 } },
      { seed: 7, variation: { subseed: 0, strength: 0.25 } },
    ])
  })

  it('sends no prompt to a painter that takes none', async () => {
    const requests = serve(paintings)
    await paint(signal(), { ...ROSE, prompt: null })
    expect(requests).toEqual(['/?count=5'])
  })

  it('passes on pictures as they arrive', async () => {
    const { answer, send, end } = paintingLines(new URL('http://server/?count=2'))
    let format: string | null = null
    serve((url) => {
      format = url.searchParams.get('format')
      return answer
    })
    const counts: number[] = []
    const whole = paint(signal(), ROSE, ({ pictures }) => Promise.resolve(void counts.push(pictures.length)))
    send()
    send()
    await vi.waitFor(() => expect(counts).toEqual([1]))
    send()
    end()
    const { pictures } = await whole
    expect(counts.at(-1)).toBe(2)
    expect(format).toBe('webp')
    expect(pictures.map(({ seed }) => seed)).toEqual([7, 8])
    expect(pictures[0]?.source).toMatch(/^data:image\/webp;base64,UklGR/)
  })

  it('reports an answer that breaks off', async () => {
    const { answer, send, end } = paintingLines(new URL('http://server/?count=2'))
    serve(() => answer)
    send()
    send()
    end()
    await expect(paint(signal(), ROSE)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it.each([
    ['an object with nothing but images', { images: [`${PNG}1`, `${PNG}2`] }],
    ['a bare list', [`${PNG}1`, `${PNG}2`]],
  ])('parses the response of the thesis’s server: %s', async (_, body) => {
    serve(() => ({ body }))
    const answer = await paint(signal(), ROSE)
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([null, null])
    expect(answer).toMatchObject({ prompt: 'a rose', painter: null, truncated: false, notes: [] })
  })

  it.each([
    [{ notes: ['left out: 8k'] }, ['left out: 8k']],
    [{ notes: 'left out' }, []],
    [{ notes: [7, 'far'] }, ['far']],
  ])('parses what is not read as it was written: %j', async (fields, notes) => {
    serve(() => ({ body: { images: [`${PNG}1`], ...fields } }))
    expect((await paint(signal(), ROSE)).notes).toEqual(notes)
  })

  it('passes on the message of a rejected request', async () => {
    const error = await errorOf(refusal(400, 'the prompt is empty'))
    expect(error).toMatchObject({ kind: 'rejected', message: 'the prompt is empty', retryAfter: null })
  })

  it.each([
    ['7', 7],
    ['0', 1],
    ['100000', 60],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 2],
  ])('parses the delay of a busy server: Retry-After %s', async (header, seconds) => {
    const error = await errorOf(refusal(503, 'busy', { 'Retry-After': header }))
    expect(error).toMatchObject({ kind: 'busy', retryAfter: seconds })
  })

  it.each<[string, Answer]>([
    ['a page instead of JSON', { body: '<!doctype html>' }],
    ['nothing', { body: '' }],
    ['null', { body: null }],
    ['an empty list', { body: [] }],
    ['no pictures', { body: { images: [] } }],
    ['images that are not PNGs', { body: { images: ['PHNjcmlwdD4='] } }],
    ['numbers for pictures', { body: { images: [1, 2] } }],
  ])('rejects an invalid response: %s', async (_, answer) => {
    expect(await errorOf(answer)).toMatchObject({ kind: 'invalid' })
  })

  it('distinguishes an internal error from a gateway without a server', async () => {
    expect(await errorOf({ status: 500, body: '<h1>Oops</h1>' })).toMatchObject({ kind: 'invalid' })
    expect(await errorOf({ status: 502, body: '' })).toMatchObject({ kind: 'unreachable' })
  })

  it('reports an unreachable server', async () => {
    unplug()
    await expect(paint(signal(), ROSE)).rejects.toMatchObject({ kind: 'unreachable' })
  })
})
