import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchPainter, paint, PaintError } from '../src/api'
import { painter, paintings, refusal, serve, unplug, type Answer } from './server'

function signal(): AbortSignal {
  return new AbortController().signal
}

async function troubleOf(answer: Answer): Promise<PaintError> {
  serve(() => answer)
  const error: unknown = await paint(signal(), 'a rose').catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(PaintError)
  return error as PaintError
}

afterEach(() => vi.unstubAllGlobals())

describe('paint', () => {
  it('reads pictures with their seeds', async () => {
    const asked = serve(() => paintings('a red rose & more', 40))
    const answer = await paint(signal(), 'a red rose & more')
    expect(asked).toEqual(['/?count=5&input=a+red+rose+%26+more'])
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([40, 41, 42, 43, 44])
    expect(answer.pictures[0]?.source).toMatch(/^data:image\/png;base64,iVBORw0KGgo/)
    expect(answer).toMatchObject({ prompt: 'a red rose & more', painter: 'flowers', truncated: false })
  })

  it('asks a painter without words without any', async () => {
    const asked = serve(() => paintings(null))
    await paint(signal(), null)
    expect(asked).toEqual(['/?count=5'])
  })

  it('understands the plain answer of the thesis, which has nothing but images', async () => {
    serve(() => ({ body: { images: ['iVBORw0KGgo1', 'iVBORw0KGgo2'] } }))
    const answer = await paint(signal(), 'a rose')
    expect(answer.pictures.map(({ seed }) => seed)).toEqual([null, null])
    expect(answer).toMatchObject({ prompt: 'a rose', painter: null })
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
    ['a list', { body: [] }],
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
    await expect(paint(signal(), 'a rose')).rejects.toMatchObject({ trouble: 'gone' })
  })
})

describe('fetchPainter', () => {
  it('reads what there is to choose', async () => {
    serve(() => painter('digits', false, ['zero']))
    expect(await fetchPainter(signal())).toEqual({ name: 'digits', takesPrompt: false, examplePrompts: ['zero'] })
  })

  it.each([{}, { painters: [] }, { painters: [{}] }, 'x'])('refuses nonsense: %j', async (body) => {
    serve(() => ({ body }))
    await expect(fetchPainter(signal())).rejects.toMatchObject({ trouble: 'broken' })
  })
})
