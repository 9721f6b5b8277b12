import { afterEach, beforeEach, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

/** Runs composables in an effect scope as a component would, with fake timers, and disposes of it after each test. */
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
    if (result === undefined) throw new Error('the scope is disposed')
    return result
  }
}

/** Advances fake time in steps, so that responses arrive in between. */
export async function settle(ms = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) await vi.advanceTimersByTimeAsync(10)
}
