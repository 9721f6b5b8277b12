import { nextTick, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useDebouncedWatch } from '../../src/composables/useDebouncedWatch'
import { useScope } from '../scope'

const run = useScope()

describe('useDebouncedWatch', () => {
  it('calls back once, when no source has changed for the delay', async () => {
    const one = ref(0)
    const other = ref(0)
    const callback = vi.fn()
    run(() => {
      useDebouncedWatch([one, other], 100, callback)
      return true
    })
    for (const source of [one, other]) {
      source.value += 1
      await nextTick()
      await vi.advanceTimersByTimeAsync(99)
    }
    expect(callback).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(callback).toHaveBeenCalledOnce()
  })
})
