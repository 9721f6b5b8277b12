import { afterEach, describe, expect, it, vi } from 'vitest'
import { PLAIN } from '../../src/model/manner'
import { PaintError } from '../../src/model/errors'
import { paint, type PaintOrder } from '../../src/server/paint'
import { paintings, PNG, refusal, serve, unplug, type Answer } from '../server'

const ROSE: PaintOrder = { prompt: 'a rose', seed: null, count: 5, manner: PLAIN, painter: null }

function signal(): AbortSignal {
  return new AbortController().signal
}

async function troubleOf(answer: Answer): Promise<PaintError> {
  serve(() => answer)
  const error: unknown = await paint(signal(), ROSE).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(PaintError)
  return error as PaintError
}

afterEach(() => vi.unstubAllGlobals())

describe('paint', () => {
  it('asks for just what was ordered, and reads pictures with their seeds', async () => {
    const asked = serve(paintings)
    const manner = { truncation: 0.5, strength: 1.25 }
    const order = { prompt: 'a red rose & more', seed: 40, count: 3, manner, painter: 'flowers' }
    const answer = await paint(signal(), order)
    expect(asked).toEqual(['/?count=3&input=a+red+rose+%26+more&seed=40&truncation=0.5&strength=1.25&model=flowers'])
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([40, 41, 42])
    expect(answer.pictures[0]).toMatchObject({
      source: `data:image/png;base64,${PNG}0`, prompt: 'a red rose & more', painter: 'flowers', manner, variation: null,
    })
  })

  it('asks for neighbours of a picture, and knows where each lies', async () => {
    const asked = serve(paintings)
    const near = { ...ROSE, seed: 7, count: 2, variation: { subseed: 4294967295, strength: 0.25 } }
    const { pictures } = await paint(signal(), near)
    expect(asked).toEqual(['/?count=2&input=a+rose&seed=7&subseed=4294967295&subseed_strength=0.25'])
    expect(pictures).toMatchObject([
      { seed: 7, variation: { subseed: 4294967295, strength: 0.25 } },
      { seed: 7, variation: { subseed: 0, strength: 0.25 } },
    ])
  })

  it('asks a painter without words without any', async () => {
    const asked = serve(paintings)
    await paint(signal(), { ...ROSE, prompt: null })
    expect(asked).toEqual(['/?count=5'])
  })

  it.each([
    ['an object with nothing but images', { images: [`${PNG}1`, `${PNG}2`] }],
    ['a bare list', [`${PNG}1`, `${PNG}2`]],
  ])('understands the plain answer of the thesis: %s', async (_, body) => {
    serve(() => ({ body }))
    const answer = await paint(signal(), ROSE)
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([null, null])
    expect(answer).toMatchObject({ prompt: 'a rose', painter: null, truncated: false })
  })

  it('passes on why something cannot be painted', async () => {
    const error = await troubleOf(refusal(400, 'the prompt is empty'))
    expect(error).toMatchObject({ trouble: 'refused', message: 'the prompt is empty', retryAfter: null })
  })

  it.each([
    ['7', 7],
    ['0', 1],
    ['100000', 60],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 2],
  ])('knows when to ask a busy server again: Retry-After %s', async (header, seconds) => {
    const error = await troubleOf(refusal(503, 'busy', { 'Retry-After': header }))
    expect(error).toMatchObject({ trouble: 'busy', retryAfter: seconds })
  })

  it.each<[string, Answer]>([
    ['a page instead of JSON', { body: '<!doctype html>' }],
    ['nothing', { body: '' }],
    ['null', { body: null }],
    ['an empty list', { body: [] }],
    ['no pictures', { body: { images: [] } }],
    ['pictures that are none', { body: { images: ['PHNjcmlwdD4='] } }],
    ['numbers for pictures', { body: { images: [1, 2] } }],
  ])('calls nonsense by its name: %s', async (_, answer) => {
    expect(await troubleOf(answer)).toMatchObject({ trouble: 'broken' })
  })

  it('tells a fault of the server from a gateway that finds no server', async () => {
    expect(await troubleOf({ status: 500, body: '<h1>Oops</h1>' })).toMatchObject({ trouble: 'broken' })
    expect(await troubleOf({ status: 502, body: '' })).toMatchObject({ trouble: 'gone' })
  })

  it('says that a server is gone', async () => {
    unplug()
    await expect(paint(signal(), ROSE)).rejects.toMatchObject({ trouble: 'gone' })
  })
})
