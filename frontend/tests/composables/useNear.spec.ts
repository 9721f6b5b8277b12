import { effectScope, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useNear, type NearOrder } from '../../src/composables/useNear'
import { PLAIN } from '../../src/model/manner'
import { servePosts } from '../posts'
import { refusal } from '../server'

vi.mock('../../src/media/frames', () => ({
  framesOf: (file: Uint8Array) => Promise.resolve([new TextDecoder().decode(file)]),
}))

const ORDER: NearOrder = { prompt: 'a rose', seed: 7, towards: [100, 200, 300], manner: PLAIN, painter: null }
let scope: EffectScope

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})

afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function nearOf(first: NearOrder) {
  const order = ref<NearOrder | null>(first)
  const near = scope.run(() => useNear(order))
  if (!near) throw new Error('no scope')
  return { order, ...near }
}

async function settle(ms = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) await vi.advanceTimersByTimeAsync(10)
}

describe('useNear', () => {
  it('leads from the picture to each of the other seeds, losing nothing', async () => {
    const posts = servePosts(({ body }) => ({ body: `way to ${body['to_seed']}` }))
    const { ways, pending } = nearOf(ORDER)
    await settle()
    expect(ways.value).toEqual([['way to 100'], ['way to 200'], ['way to 300']])
    expect(posts[0]?.body).toMatchObject({ prompt: 'a rose', to_prompt: 'a rose', seed: 7, to_seed: 100, steps: 9, lossless: true })
    expect(pending.value).toBe(false)
  })

  it('shows each direction as soon as it is there', async () => {
    servePosts(({ body }) => (body['to_seed'] === 200 ? new Promise(() => undefined) : { body: `way to ${body['to_seed']}` }))
    const { ways } = nearOf(ORDER)
    await settle()
    expect(ways.value).toEqual([['way to 100'], [], []])
  })

  it('goes on where a busy server broke off, and paints nothing twice', async () => {
    const answers = [{ body: 'one' }, refusal(503, 'busy', { 'Retry-After': '1' }), { body: 'two' }, { body: 'three' }]
    const posts = servePosts(() => answers.shift() ?? {})
    const { ways } = nearOf(ORDER)
    await settle(2000)
    expect(posts.map(({ body }) => body['to_seed'])).toEqual([100, 200, 200, 300])
    expect(ways.value).toEqual([['one'], ['two'], ['three']])
  })

  it('keeps the old pictures in their places until those of new words are there', async () => {
    servePosts(({ body }) => ({ body: `${body['prompt']} ${body['to_seed']}` }))
    const { order, ways } = nearOf(ORDER)
    await settle()
    order.value = { ...ORDER, prompt: 'a lily' }
    await vi.advanceTimersByTimeAsync(10)
    expect(ways.value[2]).toEqual(['a rose 300'])
    await settle()
    expect(ways.value).toEqual([['a lily 100'], ['a lily 200'], ['a lily 300']])
  })
})
