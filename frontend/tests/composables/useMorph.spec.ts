import { ref } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useMorph } from '../../src/composables/useMorph'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import type { VideoCodec } from '../../src/media/videoCodec'
import type { Morph } from '../../src/model/morph'
import { servePosts } from '../fakePosts'
import { settle, useScope } from '../scope'
import { refusal } from '../fakeServer'

const downloads: string[] = []
vi.mock('../../src/media/files', async (original) => ({
  ...(await original<object>()),
  downloadFile: (content: Uint8Array, name: string) => downloads.push(`${name}: ${new TextDecoder().decode(content)}`),
}))
vi.mock('../../src/media/mp4', () => ({
  encodeMp4: (_: AbortSignal, frames: string[], seconds: number, codec: VideoCodec) => {
    return Promise.resolve(new TextEncoder().encode(`${frames.join(' to ')} in ${seconds} s by ${codec.name}`))
  },
}))
vi.mock('../../src/media/frames', () => ({ decodeFrames: () => Promise.resolve(['first', 'last']) }))

const ROSE = { prompt: 'a rose', seed: 7, variation: null, options: DEFAULT_OPTIONS, painter: null }
const LILY = { prompt: 'a lily', seed: 7, variation: null }
const REQUEST: Morph = { from: ROSE, to: LILY }
const run = useScope()

beforeEach(() => {
  downloads.length = 0
})

function morphOf(first: Morph | null) {
  const request = ref<Morph | null>(first)
  const { frames, ...others } = run(() => useMorph(request))
  return { request, ...others, ...frames }
}

describe('useMorph', () => {
  it('requests the morph between both ends, and decodes its frames', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { data } = morphOf(REQUEST)
    await settle()
    expect(posts.map(({ path, body }) => ({ path, ...body }))).toEqual([
      {
        path: '/v1/morphs', prompt: 'a rose', to_prompt: 'a lily', seed: 7, to_seed: 7,
        steps: 33, ms_a_frame: 40, loop: 'once', lossless: false, format: 'webp',
      },
    ])
    expect(data.value).toEqual(['first', 'last'])
  })

  it('sends the painter and the options, and no prompts to a painter that takes none', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const from = { prompt: null, seed: 1, variation: null, options: { truncation: 0.5, strength: 1.2 }, painter: 'digits' }
    morphOf({ from, to: { prompt: null, seed: 2, variation: null } })
    await settle()
    expect(posts[0]?.body).toMatchObject({ seed: 1, to_seed: 2, truncation: 0.5, strength: 1.2, model: 'digits' })
    expect(posts[0]?.body).not.toHaveProperty('prompt')
  })

  it('debounces while an end is typed', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { request } = morphOf(REQUEST)
    await settle()
    for (const prompt of ['a t', 'a tu', 'a tulip']) {
      request.value = { ...REQUEST, to: { ...LILY, prompt } }
      await settle(20)
    }
    await settle()
    expect(posts.map(({ body }) => body['to_prompt'])).toEqual(['a lily', 'a tulip'])
  })

  it('aborts when both ends are the same picture', async () => {
    const posts = servePosts(() => new Promise(() => undefined))
    const { request, pending } = morphOf(REQUEST)
    await settle()
    request.value = { ...REQUEST, to: ROSE }
    await settle()
    expect([posts.length, posts[0]?.signal.aborted, pending.value]).toEqual([1, true, false])
  })

  it('drops the frames when both ends are the same, or a prompt is empty', async () => {
    servePosts(() => ({ body: 'RIFF' }))
    const { request, data } = morphOf(REQUEST)
    for (const empty of [{ ...REQUEST, to: ROSE }, null]) {
      request.value = REQUEST
      await settle()
      expect(data.value).toEqual(['first', 'last'])
      request.value = empty
      await settle()
      expect(data.value).toBeNull()
    }
  })

  it('retries a busy server', async () => {
    const answers = [refusal(503, 'busy', { 'Retry-After': '2' }), { body: 'RIFF' }]
    const posts = servePosts(() => answers.shift() ?? {})
    const { data, retryIn } = morphOf(REQUEST)
    await settle(100)
    expect(retryIn.value).toBe(2)
    await settle(2500)
    expect([posts.length, data.value]).toEqual([2, ['first', 'last']])
  })
})

describe('its file', () => {
  it('has more frames, forwards and backwards, and is downloaded', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { file } = morphOf(null)
    file.send({ ...REQUEST, kind: 'gif' })
    await settle()
    expect(posts[0]?.body).toMatchObject({ steps: 60, loop: 'there-and-back' })
    expect(downloads).toEqual(['a-rose-to-a-lily.gif: RIFF'])
  })

  it('is an MP4 of the frames on screen where the browser encodes one', async () => {
    vi.stubGlobal('VideoEncoder', { isConfigSupported: ({ codec }: VideoEncoderConfig) => Promise.resolve({ supported: codec.startsWith('vp09') }) })
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { file, kinds } = morphOf(REQUEST)
    await settle()
    expect(kinds.value).toEqual(['webp', 'gif', 'mp4'])
    file.send({ ...REQUEST, kind: 'mp4' })
    await settle()
    expect(downloads).toEqual(['a-rose-to-a-lily.mp4: first to last in 2.4 s by vp09.00.31.08'])
    expect(posts).toHaveLength(1)
  })

  it('is no MP4 where the browser encodes none', async () => {
    servePosts(() => ({ body: 'RIFF' }))
    const { kinds } = morphOf(REQUEST)
    await settle()
    expect(kinds.value).toEqual(['webp', 'gif'])
  })
})
