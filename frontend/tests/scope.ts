import { afterEach, beforeEach, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

/**
 * For tests of composables that ask a server: clocks that stand still, and a place to run a composable in as within a
 * component, which leaves when the test ends.
 */
export function useScope(): <Result>(composable: () => Result) => Result {
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
  return (composable) => {
    const result = scope.run(composable)
    if (result === undefined) throw new Error('the scope has been left')
    return result
  }
}

/** Let time pass, in steps between which answers arrive. */
export async function settle(ms = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) await vi.advanceTimersByTimeAsync(10)
}
