import { nextTick, shallowRef, type Ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { TYPING_PAUSE_MS, usePaintings, type Wall, type WallOrder } from '../../src/composables/usePaintings'
import { PLAIN } from '../../src/model/manner'
import { settle, useScope } from '../scope'
import { paintings, PNG, refusal, serve, type Answer } from '../server'

const run = useScope()

function order(prompt: string, ...seeds: number[]): WallOrder {
  return { prompt, runs: (seeds.length > 0 ? seeds : [7]).map((seed) => ({ seed, count: 1 })), manner: PLAIN, painter: null }
}

/** A wall of an order, the prompts that were asked for, and a server whose answers come when the test lets them. */
function heldWall(first: WallOrder | null): { wall: Wall; order: Ref<WallOrder | null>; asked: string[]; answer: () => Promise<void> } {
  const answers: (() => void)[] = []
  const asked: string[] = []
  serve((url) => {
    asked.push(url.searchParams.get('input') ?? '')
    return new Promise<Answer>((resolve) => answers.push(() => resolve(paintings(url))))
  })
  const wanted = shallowRef(first)
  const wall = run(() => usePaintings(wanted))
  const answer = async (): Promise<void> => {
    answers.splice(0).forEach((letGo) => letGo())
    await vi.advanceTimersByTimeAsync(0)
  }
  return { wall, order: wanted, asked, answer }
}

describe('usePaintings', () => {
  it('paints the first key after a rest at once', async () => {
    const { order: wanted, asked, answer } = heldWall(order('r'))
    expect(asked).toEqual(['r'])
    await answer()
    wanted.value = order('ro')
    await nextTick()
    expect(asked).toEqual(['r', 'ro'])
  })

  it('waits for a pause in typing while pictures are on their way, and shows those of the last words', async () => {
    const { wall, order: wanted, asked, answer } = heldWall(order('r'))
    for (const prompt of ['ro', 'ros', 'rose']) {
      wanted.value = order(prompt)
      await vi.advanceTimersByTimeAsync(TYPING_PAUSE_MS - 1)
    }
    expect(asked).toEqual(['r'])
    await vi.advanceTimersByTimeAsync(1)
    expect(asked).toEqual(['r', 'rose'])
    await answer()
    expect(wall.data.value?.prompt).toBe('rose')
  })

  it('does not ask a server before it said to, whatever is typed meanwhile', async () => {
    const asked = serve(() => refusal(503, 'busy', { 'Retry-After': '3' }))
    const wanted = shallowRef<WallOrder | null>(order('r'))
    run(() => usePaintings(wanted))
    await settle(100)
    wanted.value = order('ro')
    await settle(1000)
    expect(asked).toHaveLength(1)
  })

  it('asks for nothing twice, and keeps what it shows where nothing is asked for', async () => {
    const { wall, order: wanted, asked, answer } = heldWall(order('a rose'))
    await answer()
    wanted.value = order('a rose')
    await nextTick()
    wanted.value = null
    await nextTick()
    expect(asked).toEqual(['a rose'])
    expect(wall.data.value?.prompt).toBe('a rose')
  })

  it('puts the pictures of all runs on one wall, in their order', async () => {
    const { wall, answer } = heldWall(order('a rose', 3, 9))
    await answer()
    expect(wall.data.value?.pictures.map(({ seed }) => seed)).toEqual([3, 9])
    expect(new Set(wall.data.value?.pictures.map(({ id }) => id)).size).toBe(2)
  })

  it('says so when a picture is broken, and keeps those before', async () => {
    const { wall, order: wanted, answer } = heldWall(order('a rose'))
    await answer()
    serve(() => ({ body: { images: [`${PNG}!`] } }))
    wanted.value = order('a tulip')
    await settle(20)
    expect(wall.error.value?.trouble).toBe('broken')
    expect(wall.data.value?.prompt).toBe('a rose')
  })
})
