import { ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { morphFile, useMorph } from '../../src/composables/useMorph'
import { PLAIN } from '../../src/model/manner'
import type { MorphOrder } from '../../src/server/morphs'
import { servePosts } from '../posts'
import { settle, useScope } from '../scope'
import { refusal } from '../server'

vi.mock('../../src/media/frames', () => ({ framesOf: () => Promise.resolve(['first', 'last']) }))

const ROSE = { prompt: 'a rose', seed: 7 }
const LILY = { prompt: 'a lily', seed: 7 }
const ORDER: MorphOrder = { from: ROSE, to: LILY, manner: PLAIN, painter: null }
const run = useScope()

function morphOf(first: MorphOrder | null) {
  const order = ref<MorphOrder | null>(first)
  return { order, ...run(() => useMorph(order)) }
}

describe('useMorph', () => {
  it('asks for the way between both ends, and shows its frames', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { data } = morphOf(ORDER)
    await settle()
    expect(posts.map(({ path, body }) => ({ path, ...body }))).toEqual([
      {
        path: '/v1/morphs', prompt: 'a rose', to_prompt: 'a lily', seed: 7, to_seed: 7,
        steps: 33, ms_a_frame: 40, loop: 'once', lossless: false,
      },
    ])
    expect(data.value).toEqual(['first', 'last'])
  })

  it('names the painter that was chosen and how it shall paint, and no words to one that takes none', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    morphOf({ from: { prompt: null, seed: 1 }, to: { prompt: null, seed: 2 }, manner: { truncation: 0.5, strength: 1.2 }, painter: 'digits' })
    await settle()
    expect(posts[0]?.body).toMatchObject({ seed: 1, to_seed: 2, truncation: 0.5, strength: 1.2, model: 'digits' })
    expect(posts[0]?.body).not.toHaveProperty('prompt')
  })

  it('waits for a pause while an end is typed', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const { order } = morphOf(ORDER)
    await settle()
    for (const prompt of ['a t', 'a tu', 'a tulip']) {
      order.value = { ...ORDER, to: { prompt, seed: 7 } }
      await settle(20)
    }
    await settle()
    expect(posts.map(({ body }) => body['to_prompt'])).toEqual(['a lily', 'a tulip'])
  })

  it('asks for nothing between a picture and itself, and takes back what it asked', async () => {
    const posts = servePosts(() => new Promise(() => undefined))
    const { order, pending } = morphOf(ORDER)
    await settle()
    order.value = { ...ORDER, to: ROSE }
    await settle()
    expect([posts.length, posts[0]?.signal.aborted, pending.value]).toEqual([1, true, false])
  })

  it('shows no way any more once both ends are the same, or one has no words yet', async () => {
    servePosts(() => ({ body: 'RIFF' }))
    const { order, data } = morphOf(ORDER)
    for (const none of [{ ...ORDER, to: ROSE }, null]) {
      order.value = ORDER
      await settle()
      expect(data.value).toEqual(['first', 'last'])
      order.value = none
      await settle()
      expect(data.value).toBeNull()
    }
  })

  it('asks a busy server again', async () => {
    const answers = [refusal(503, 'busy', { 'Retry-After': '2' }), { body: 'RIFF' }]
    const posts = servePosts(() => answers.shift() ?? {})
    const { data, retryIn } = morphOf(ORDER)
    await settle(100)
    expect(retryIn.value).toBe(2)
    await settle(2500)
    expect([posts.length, data.value]).toEqual([2, ['first', 'last']])
  })
})

describe('morphFile', () => {
  it('asks for more frames, there and back', async () => {
    const posts = servePosts(() => ({ body: 'RIFF' }))
    const file = await morphFile(new AbortController().signal, ORDER)
    expect(new TextDecoder().decode(file)).toBe('RIFF')
    expect(posts[0]?.body).toMatchObject({ steps: 60, loop: 'there-and-back' })
  })
})
