import { ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { usePlayback } from '../../src/composables/usePlayback'
import { useScope } from '../scope'

const run = useScope()

describe('usePlayback', () => {
  it('moves forwards and backwards from where it is, until it is paused', async () => {
    const position = ref(50)
    const { playing, toggle } = run(() => usePlayback(position))
    toggle()
    const positions = []
    for (let step = 0; step < 3; step += 1) {
      await vi.advanceTimersByTimeAsync(1200)
      positions.push(Math.round(position.value / 10) * 10)
    }
    expect(positions).toEqual([100, 50, 0])
    toggle()
    await vi.advanceTimersByTimeAsync(1200)
    expect([playing.value, Math.round(position.value / 10) * 10]).toEqual([false, 0])
  })
})
